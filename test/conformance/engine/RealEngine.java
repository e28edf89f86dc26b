// The engine API Gateway runs, as Debian packages it: Apache Velocity 1.7, json-smart, Jayway JsonPath.
// Reads one JSON record a line from standard input ({template, body, context, stageVariables, params}) and answers each
// with one line: {"output": …} or {"error": …}. `bench <file> <seconds>` prints microseconds a rendering instead.

import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.ParseContext;
import com.jayway.jsonpath.PathNotFoundException;
import com.jayway.jsonpath.spi.json.JsonSmartJsonProvider;
import com.jayway.jsonpath.spi.mapper.JsonSmartMappingProvider;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.minidev.json.JSONStyle;
import net.minidev.json.JSONValue;
import net.minidev.json.parser.JSONParser;
import org.apache.commons.lang.StringEscapeUtils;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.event.EventCartridge;
import org.apache.velocity.app.event.InvalidReferenceEventHandler;
import org.apache.velocity.context.Context;
import org.apache.velocity.context.InternalContextAdapterImpl;
import org.apache.velocity.runtime.RuntimeInstance;
import org.apache.velocity.runtime.parser.node.SimpleNode;
import org.apache.velocity.util.introspection.Info;

public class RealEngine {
  static final Configuration JSON = Configuration.builder()
    .jsonProvider(new JsonSmartJsonProvider()).mappingProvider(new JsonSmartMappingProvider()).build();
  static final ParseContext DOCUMENTS = JsonPath.using(JSON);
  static final String[] PARAMETER_KINDS = {"path", "querystring", "header"};

  /** What the recordings on the service show of $input: an empty body is {}, one document serves path and json. */
  public static class Input {
    final String body;
    final Map<String, Object> params;
    DocumentContext document;

    Input(String body, Map<String, Object> params) {
      this.body = body == null || body.isEmpty() ? "{}" : body;
      this.params = params;
    }

    DocumentContext document() {
      if (document == null) document = DOCUMENTS.parse(body);
      return document;
    }

    public String getBody() { return body; }

    public Object path(String path) {
      try {
        return document().read(path);
      } catch (PathNotFoundException e) {
        return null;
      }
    }

    public String json(String path) {
      Object found;
      try {
        found = document().read(path == null ? "$" : path);
      } catch (PathNotFoundException e) {
        return "\"\"";
      }
      if (found instanceof Map || found instanceof List) return JSON.jsonProvider().toJson(found);
      return JSONValue.toJSONString(found, JSONStyle.LT_COMPRESS);
    }

    public Map<String, Object> params() { return params; }

    public Object params(String name) {
      for (String kind : PARAMETER_KINDS) {
        Map<?, ?> some = (Map<?, ?>) params.get(kind);
        if (some.containsKey(name)) return some.get(name);
      }
      return null;
    }

    @Override public String toString() { return "{}"; }
  }

  public static class Util {
    public String escapeJavaScript(Object text) { return text == null ? null : StringEscapeUtils.escapeJavaScript(String.valueOf(text)); }
    public Object parseJson(String text) { return text == null ? null : JSON.jsonProvider().parse(text); }
    public String urlEncode(String text) throws Exception { return text == null ? null : URLEncoder.encode(text, "UTF-8"); }
    public String urlDecode(String text) throws Exception { return text == null ? null : URLDecoder.decode(text, "UTF-8"); }

    public String base64Encode(String text) {
      return text == null ? null : Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    public String base64Decode(String text) {
      return text == null ? null : new String(Base64.getMimeDecoder().decode(text), StandardCharsets.UTF_8);
    }

    @Override public String toString() { return "{}"; }
  }

  /** What leads nowhere reads as the empty text. */
  static class Blank implements InvalidReferenceEventHandler {
    public Object invalidGetMethod(Context c, String reference, Object o, String property, Info i) { return ""; }
    public boolean invalidSetMethod(Context c, String left, String right, Info i) { return false; }
    public Object invalidMethod(Context c, String reference, Object o, String method, Info i) { return ""; }
  }

  static RuntimeInstance engine() {
    RuntimeInstance engine = new RuntimeInstance();
    engine.setProperty("runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
    engine.setProperty("resource.loader", "string");
    engine.setProperty("string.resource.loader.class", "org.apache.velocity.runtime.resource.loader.StringResourceLoader");
    engine.setProperty("velocimacro.library", "");
    engine.setProperty("velocimacro.permissions.allow.inline", "false");
    engine.setProperty("directive.foreach.maxloops", "1000");
    engine.init();
    engine.removeDirective("evaluate");
    return engine;
  }

  @SuppressWarnings("unchecked")
  static VelocityContext context(Map<String, Object> record) {
    Map<String, Object> given = (Map<String, Object>) record.get("params");
    Map<String, Object> params = new LinkedHashMap<>();
    for (String kind : PARAMETER_KINDS) {
      Object some = given == null ? null : given.get(kind);
      params.put(kind, some == null ? new LinkedHashMap<String, Object>() : some);
    }
    VelocityContext context = new VelocityContext();
    context.put("input", new Input((String) record.get("body"), params));
    context.put("util", new Util());
    for (String name : new String[] {"context", "stageVariables"}) {
      Object value = record.get(name);
      context.put(name, value == null ? new LinkedHashMap<String, Object>() : value);
    }
    EventCartridge events = new EventCartridge();
    events.addEventHandler(new Blank());
    events.attachToContext(context);
    return context;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> parse(String line) throws Exception {
    return (Map<String, Object>) new JSONParser(JSONParser.MODE_RFC4627).parse(line, JSONValue.defaultReader.DEFAULT_ORDERED);
  }

  static RuntimeInstance current;

  static String answer(String line) throws Exception {
    Map<String, Object> record = parse(line);
    String template = (String) record.get("template");
    // A parser remembers the names of macros, so one that met some is not used again.
    boolean hasMacro = template.contains("macro");
    RuntimeInstance engine = hasMacro ? engine() : current == null ? current = engine() : current;
    Map<String, Object> answer = new LinkedHashMap<>();
    Throwable[] thrown = new Throwable[1];
    StringWriter out = new StringWriter();
    Thread worker = new Thread(null, () -> {
      try {
        engine.evaluate(context(record), out, "t", template);
      } catch (Throwable e) {
        thrown[0] = e;
      }
    }, "render", 64L << 20);
    worker.start();
    worker.join(20000);
    if (worker.isAlive()) answer.put("error", "Timeout");
    else if (thrown[0] == null) answer.put("output", out.toString());
    else answer.put("error", thrown[0].getClass().getSimpleName() + ": " + String.valueOf(thrown[0].getMessage()).split("\n")[0]);
    return JSONValue.toJSONString(answer, JSONStyle.LT_COMPRESS);
  }

  static SimpleNode compile(RuntimeInstance engine, String template) throws Exception {
    SimpleNode tree = engine.parse(new StringReader(template), "t");
    InternalContextAdapterImpl context = new InternalContextAdapterImpl(new VelocityContext());
    context.pushCurrentTemplateName("t");
    tree.init(context, engine);
    return tree;
  }

  static void bench(String file, double seconds) throws Exception {
    for (String line : Files.readAllLines(Paths.get(file), StandardCharsets.UTF_8)) {
      if (line.trim().isEmpty()) continue;
      Map<String, Object> record = parse(line);
      SimpleNode tree = compile(engine(), (String) record.get("template"));
      double best = Double.MAX_VALUE;
      long length = 0;
      for (long end = System.nanoTime() + (long) (seconds * 1e9); System.nanoTime() < end;) {
        long begin = System.nanoTime();
        for (int i = 0; i < 20; i++) {
          VelocityContext variables = context(record);
          InternalContextAdapterImpl context = new InternalContextAdapterImpl(variables);
          context.attachEventCartridge(variables.getEventCartridge());
          context.pushCurrentTemplateName("t");
          StringWriter out = new StringWriter();
          tree.render(context, out);
          length += out.getBuffer().length();
        }
        best = Math.min(best, (System.nanoTime() - begin) / 20e3);
      }
      System.out.printf("{\"id\":\"%s\",\"micros\":%.3f}%n", record.get("id"), best);
    }
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0) {
      bench(arguments[1], Double.parseDouble(arguments[2]));
      System.exit(0);
    }
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(System.out, false, "UTF-8");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(answer(line));
      if (!in.ready()) out.flush();
    }
    out.flush();
    System.exit(0);
  }
}
