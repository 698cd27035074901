package dev.gantry.launch.fleet;

import dev.gantry.launch.text.Text;
import java.util.regex.Pattern;

/**
 * An Auto Scaling group in Gantry's care, as its settings describe it.
 *
 * @param hook the launch lifecycle hook's name, {@code [A-Za-z0-9\-_/]{1,255}} as PutLifecycleHook takes it
 * @param playbook the playbook's path within the bundle; either document's PlaybookFile takes it
 * @param extraVariables the document's ExtraVariables, checked as the document checks them
 * @param installDependencies whether the document may install Ansible from the network
 * @param verbose the document's Verbose: {@code -v} to {@code -vvvv}
 */
public record Fleet(
        FleetName name,
        String hook,
        Document document,
        String playbook,
        String extraVariables,
        boolean installDependencies,
        String verbose,
        Policy policy) {

    /** The hook's name if the settings do not set another one; a hook with this name is Gantry's. */
    public static final String DEFAULT_HOOK = "gantry";

    private static final Pattern HOOK = Pattern.compile("[A-Za-z0-9\\-_/]{1,255}");
    /** The hardened document's and Terraform's rule too: a path within the bundle that no tool takes for an option. */
    private static final Pattern PLAYBOOK = Pattern.compile(
            "(\\./)?\\.?[A-Za-z0-9_()][A-Za-z0-9_.()-]*(/\\.?[A-Za-z0-9_()-][A-Za-z0-9_.()-]*)*\\.(yml|yaml)");

    private static final Pattern VERBOSE = Pattern.compile("-v{1,4}");

    public Fleet {
        matches("hook", HOOK, hook);
        matches("playbook", PLAYBOOK, playbook);
        ExtraVariables.check(extraVariables, document);
        matches("verbose", VERBOSE, verbose);
        if (policy.fallback().isUsed() && !document.identifiesRuns()) {
            throw new IllegalArgumentException(
                    "fallback.use needs a document that knows runs by their id and keeps them"
                            + " apart on the instance, as " + Document.HARDENED + " does, and document.name is "
                            + document.name() + ": use that one, say document.identifiesRuns of a copy of it, or leave"
                            + " the fallback out");
        }
    }

    /** The same fleet, held at another hook. */
    public Fleet atHook(String name) {
        return new Fleet(this.name, name, document, playbook, extraVariables, installDependencies, verbose, policy);
    }

    private static void matches(String field, Pattern form, String value) {
        if (!form.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    field + " must match " + form.pattern() + ", not '" + Text.clip(value, 60) + "'");
        }
    }
}
