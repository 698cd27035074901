package dev.gantry.cli.bundle;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.cli.base.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    @TempDir
    private Path tree;

    private void check(String text) {
        Values.check(Path.of("values.yml"), text.getBytes(StandardCharsets.UTF_8), tree);
    }

    private String refusal(String text) {
        return assertThrows(Problem.class, () -> check(text), text).getMessage();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: 1\\n\\tb: 2 | is no YAML: line 2: found character '\\t(TAB)' that cannot start any token",
                "No values yet. | is a text, and not names with values: each line is a name, a colon and a value",
                "- a | is a list, and not names with values",
                "yes | is true or false, and not names with values",
                "7 | is a number, and not names with values",
                "2001-02-03 | is a text, and not names with values",
                "a: {b | is no YAML: line ",
                "a: 1\\na: 2 | is no YAML: line 2: the key 'a' is there twice",
                "a: {b: 1, 'b': 2} | is no YAML: line 1: the key 'b' is there twice",
                "{? [1] : 2} | is no YAML: line 1: a key that is no text",
                "~: 2 | is no YAML: line 1: a key that is no text",
                "a: !odd 1 | is no YAML: line 1: could not determine a constructor for the tag !odd",
                "a: !vault {b: 1} | is no YAML: line 1: a tag of Ansible's at what is no text",
                "a: 1\\n---\\nb: 2 | is no YAML: line 2: but found another document",
                "a: *b | is no YAML: line 1: found undefined alias b",
                "a: &a [*a] | is no YAML: an alias to what it stands in",
                "a: b: c | is no YAML: line 1: mapping values are not allowed here",
                "terraform: {zonez: 1} | terraform.zonez is not used",
                "terraform: {breaker: {failure: 1}} | terraform.breaker.failure is not used: is failures meant?",
                "terraform: {size: 3} | terraform.size must be names with values (max, min), and is a number",
                "terraform: {size: [{max: 1}, {mix: 2}]} | terraform.size.mix is not used: is min meant?",
                "terraform: x | terraform must be names with values (",
            })
    void valuesThatNothingReadsAreRefused(String text, String words) {
        String refusal = refusal(text.replace("\\n", "\n").replace("\\t", "\t"));

        assertTrue(
                refusal.startsWith("values.yml: " + words.replace("\\t", "\t").strip()) || refusal.contains(words),
                refusal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "---",
                "own: {a: [1], b: yes, c: 0o7, d: 1.5, e: 2001-02-03}",
                "secret: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n",
                "text: !unsafe '{{ no }}'",
                "terraform: {region: x, size: {min: 1, max: 2}, document_parameters: {Any: x}, warm_pool: null}",
                "base: &base {a: 1}\nown: {<<: *base, a: 2}",
                "\uFEFFa: 1",
                "1: one\ntrue: yes",
            })
    void valuesThatAreReadOrArePlaysOwnAreTaken(String text) {
        assertDoesNotThrow(() -> check(text));
    }

    @Test
    void bytesThatAreNoTextAreRefused() {
        byte[] bytes = {'a', ':', ' ', (byte) 0xff};

        Problem refusal = assertThrows(Problem.class, () -> Values.check(Path.of("values.yml"), bytes, tree));
        assertEquals("values.yml: is no YAML: its bytes are not UTF-8", refusal.getMessage());
    }

    @Test
    void aRolesVariablesAreThoseOfItsSpecsDefaultsAndVars() throws IOException {
        Path role = tree.resolve("roles/web");
        Files.createDirectories(role.resolve("meta"));
        Files.createDirectories(role.resolve("defaults"));
        Files.writeString(
                role.resolve("meta/argument_specs.yml"),
                "argument_specs: {main: {options: {web_port: {}, web_tls: {type: dict, options: {cert: {}}}}}}\n");
        Files.writeString(role.resolve("defaults/main.yml"), "web_user: me\n");

        assertDoesNotThrow(() -> check("web_port: 1\nweb_user: you\nweb_tls: {cert: x}\nother_prot: 1\n"));
        assertEquals(
                "values.yml: web_prot is not used: is web_port meant?; web_tls.crt is not used: is cert" + " meant?",
                refusal("web_prot: 1\nweb_tls: {crt: x}\n"));
    }

    @Test
    void everyLevelOfTheTypeThatTerraformDeclaresIsKnown() {
        Names names = TerraformType.of(
                """
                variable "other" {
                  type = object({ no = string })
                }
                variable "config" {
                  description = "what it is"
                  type = object({
                    # a comment = nothing
                    a = optional(string, "x = { y")
                    b = optional(object({ c = number, d = optional(list(object({ e = string })), []) }), { c = 1 })
                    f = map(string)
                  })
                }
                """,
                "config");

        Names anything = Names.ANYTHING;
        assertEquals(
                new Names(Map.of("a", anything, "b", new Names(Map.of("c", anything, "d", anything)), "f", anything)),
                names);
    }

    /** The expected values are those of Python's difflib (ratio). */
    @ParameterizedTest
    @CsvSource({"failure,failures,0.9333", "sate,state,0.8889", "zonez,size,0.4444", "web_prot,web_port,0.875", "a,b,0"
    })
    void likenessIsTheShareOfMatchingCharacters(String other, String one, double likeness) {
        assertEquals(likeness, CloseNames.likeness(one, other), 0.0001);
    }
}
