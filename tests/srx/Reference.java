import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.sourceforge.segment.srx.LanguageRule;
import net.sourceforge.segment.srx.Rule;
import net.sourceforge.segment.srx.SrxDocument;
import net.sourceforge.segment.srx.SrxTextIterator;
import net.sourceforge.segment.srx.io.SrxAnyParser;

/**
 * The reference implementation behind a pipe. Arguments: the rule file, and "cut" or "why". For "cut", a line is a language, a
 * tab and a text in which a backslash escapes itself, n, r and t; the answer is the UTF-16 offsets where its segments end. For
 * "why", a line is an offset, a tab, then the same; the answer is the first rule that matches there, read literally.
 */
public class Reference {
    public static void main(String[] args) throws Exception {
        SrxDocument document =
            new SrxAnyParser().parse(new InputStreamReader(new FileInputStream(args[0]), StandardCharsets.UTF_8));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(new BufferedOutputStream(System.out), false, "UTF-8");
        boolean why = args[1].equals("why");
        for (String line; (line = in.readLine()) != null; ) {
            String[] cells = line.split("\t", why ? 3 : 2);
            String text = unescaped(cells[cells.length - 1]);
            out.println(why ? why(document, cells[1], text, Integer.parseInt(cells[0])) : cut(document, cells[0], text));
        }
        out.flush();
    }

    static String unescaped(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                c = text.charAt(++i);
                c = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
            }
            plain.append(c);
        }
        return plain.toString();
    }

    static String cut(SrxDocument document, String language, String text) {
        StringBuilder answer = new StringBuilder();
        int at = 0;
        try {
            SrxTextIterator pieces = new SrxTextIterator(document, language, text);
            while (pieces.hasNext()) {
                at += pieces.next().length();
                answer.append(at).append(' ');
            }
        } catch (RuntimeException error) {
            return "! " + String.valueOf(error.getMessage()).replaceAll("\\s+", " ");
        }
        return answer.toString();
    }

    static String why(SrxDocument document, String language, String text, int at) {
        for (LanguageRule list : document.getLanguageRuleList(language)) {
            int number = 0;
            for (Rule rule : list.getRuleList()) {
                number++;
                try {
                    if (endsAt(rule.getBeforePattern(), text, at) && beginsAt(rule.getAfterPattern(), text, at)) {
                        return (rule.isBreak() ? "break" : "none") + "\trule " + number + " of " + list.getName()
                            + "\t" + rule.getBeforePattern() + "\t" + rule.getAfterPattern();
                    }
                } catch (RuntimeException error) {
                    return "!\trule " + number + " of " + list.getName() + "\t" + String.valueOf(error.getMessage()).replaceAll("\\s+", " ") + "\t";
                }
            }
        }
        return "none\tno rule\t\t";
    }

    static boolean endsAt(String pattern, String text, int at) {
        Matcher matcher = Pattern.compile(pattern).matcher(text).useTransparentBounds(true).useAnchoringBounds(false);
        for (int start = at; start >= 0; start--) {
            if (matcher.region(start, at).matches()) {
                return true;
            }
        }
        return false;
    }

    static boolean beginsAt(String pattern, String text, int at) {
        Matcher matcher = Pattern.compile(pattern).matcher(text).useTransparentBounds(true).useAnchoringBounds(false);
        return matcher.region(at, text.length()).lookingAt();
    }
}
