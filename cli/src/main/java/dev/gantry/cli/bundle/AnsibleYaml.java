package dev.gantry.cli.bundle;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.DuplicateKeyException;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * YAML as Ansible reads it: version 1.1, where {@code yes} is a boolean. Ansible's own tags become texts. A key that is there
 * twice is an error, because the first value would be ignored silently.
 */
final class AnsibleYaml {
    private static final int DEEPEST = 100;
    private static final int MOST_ALIASES = 1000;
    private static final String TWICE = "found duplicate key ";

    private AnsibleYaml() {}

    /** The text is no YAML; the message says in which line, and why. */
    static final class NoYaml extends Exception {
        private static final long serialVersionUID = 1L;

        NoYaml(String words) {
            super(words);
        }
    }

    /** What the YAML says: maps, lists, texts, numbers, booleans; empty where it says nothing. */
    static Optional<Object> read(byte[] bytes) throws NoYaml {
        String text = text(bytes);
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setNestingDepthLimit(DEEPEST);
        options.setMaxAliasesForCollections(MOST_ALIASES);
        try {
            return Optional.ofNullable(new Yaml(new Constructor(options)).load(text));
        } catch (MarkedYAMLException e) {
            throw new NoYaml(where(e) + words(e));
        } catch (YAMLException | IllegalArgumentException e) {
            throw new NoYaml(String.join(" ", String.valueOf(e.getMessage()).split("\\s+")));
        }
    }

    private static String text(byte[] bytes) throws NoYaml {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new NoYaml("its bytes are not UTF-8");
        }
    }

    private static String where(MarkedYAMLException error) {
        Mark mark = Optional.ofNullable(error.getProblemMark()).orElse(error.getContextMark());
        return mark == null ? "" : "line " + (mark.getLine() + 1) + ": ";
    }

    private static String words(MarkedYAMLException error) {
        String problem = Optional.ofNullable(error.getProblem()).orElse(error.getContext());
        return error instanceof DuplicateKeyException && problem.startsWith(TWICE)
                ? "the key '" + problem.substring(TWICE.length()) + "' is there twice"
                : problem;
    }

    /** Refuses keys that are no names. */
    private static final class Constructor extends SafeConstructor {
        Constructor(LoaderOptions options) {
            super(options);
            for (String tag : new String[] {"!vault", "!vault-encrypted", "!unsafe"}) {
                yamlConstructors.put(new Tag(tag), new Text());
            }
        }

        @Override
        protected void constructMapping2ndStep(MappingNode node, Map<Object, Object> mapping) {
            for (NodeTuple tuple : node.getValue()) {
                Node key = tuple.getKeyNode();
                boolean isName = key instanceof ScalarNode
                        && !key.getTag().equals(Tag.NULL)
                        && !key.getTag().equals(Tag.TIMESTAMP);
                if (!isName) {
                    throw new WrongKey(key.getStartMark());
                }
            }
            super.constructMapping2ndStep(node, mapping);
        }

        private static final class Text extends AbstractConstruct {
            @Override
            public Object construct(Node node) {
                if (node instanceof ScalarNode scalar) {
                    return scalar.getValue();
                }
                throw new WrongText(node.getStartMark());
            }
        }
    }

    private static final class WrongKey extends MarkedYAMLException {
        private static final long serialVersionUID = 1L;

        WrongKey(Mark mark) {
            super(null, null, "a key that is no text", mark);
        }
    }

    private static final class WrongText extends MarkedYAMLException {
        private static final long serialVersionUID = 1L;

        WrongText(Mark mark) {
            super(null, null, "a tag of Ansible's at what is no text", mark);
        }
    }
}
