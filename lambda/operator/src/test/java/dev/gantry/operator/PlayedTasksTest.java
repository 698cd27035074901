package dev.gantry.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlayedTasksTest {
    private static final String OUTPUT =
            """
            PLAY [all] *********************************************************************

            TASK [Gathering Facts] *********************************************************
            ok: [localhost]

            TASK [nginx : write nginx.conf] ************************************************
            \u001b[0;33mchanged: [localhost]\u001b[0m

            TASK [nginx : copy [the] pages] ************************************************
            changed: [localhost] => (item=a)
            changed: [localhost] => (item=b)

            RUNNING HANDLER [nginx : restart] **********************************************
            changed: [localhost]

            PLAY RECAP *********************************************************************
            localhost                  : ok=4    changed=3    unreachable=0    failed=0    skipped=0
            """;

    @Test
    void namesEachTaskThatChangesOnce() {
        assertEquals(
                List.of("nginx : write nginx.conf", "nginx : copy [the] pages", "nginx : restart"),
                PlayedTasks.changed(OUTPUT));
    }

    @Test
    void countsWhatWasCutOff() {
        String end = OUTPUT.substring(OUTPUT.indexOf("RUNNING HANDLER"));

        assertEquals(List.of("nginx : restart", "2 more, which the output does not show"), PlayedTasks.changed(end));
        assertEquals(
                List.of("3 more, which the output does not show"),
                PlayedTasks.changed(OUTPUT.substring(OUTPUT.indexOf("PLAY RECAP"))));
    }

    @Test
    void aPlayThatChangesNothingIsNotListed() {
        assertEquals(List.of(), PlayedTasks.changed("localhost : ok=4    changed=0    unreachable=0    failed=0"));
        assertEquals(List.of(), PlayedTasks.changed(""));
    }
}
