package dev.gantry.system.faults;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What {@code scripts/dev/faults} was asked for.
 *
 * @param only names of cases, or how they begin; empty for all or the day's sample
 * @param day whose sample it is, counted from 1970-01-01
 * @param lanes how many cases are played side by side, 1 to 16
 * @param write the page that gets the table
 * @param from what an earlier run printed with {@code --json}: cases that converged there are not played again
 */
record FaultsOptions(
        boolean all,
        boolean list,
        boolean json,
        List<String> only,
        long day,
        int lanes,
        Optional<Path> write,
        Optional<Path> from) {

    /** Words that cannot be understood. */
    static final class WrongOption extends Exception {
        private static final long serialVersionUID = 1L;

        WrongOption(String message) {
            super(message);
        }
    }

    static FaultsOptions parse(List<String> words) throws WrongOption {
        Deque<String> left = new ArrayDeque<>(words);
        boolean all = false;
        boolean list = false;
        boolean json = false;
        List<String> only = new ArrayList<>();
        long day = LocalDate.now(ZoneOffset.UTC).toEpochDay();
        int lanes = 4;
        Optional<Path> write = Optional.empty();
        Optional<Path> from = Optional.empty();
        while (!left.isEmpty()) {
            String word = left.poll();
            switch (word) {
                case "--all" -> all = true;
                case "--list" -> list = true;
                case "--json" -> json = true;
                case "--only" -> only.add(value(word, left));
                case "--day" -> day = number(word, left, 1_000_000);
                case "--lanes" -> lanes = number(word, left, 16);
                case "--write" -> write = Optional.of(Path.of(value(word, left)));
                case "--from" -> from = Optional.of(Path.of(value(word, left)));
                default -> throw new WrongOption("unknown option: " + word);
            }
        }
        if (write.isPresent() && !all) {
            throw new WrongOption("--write needs --all: a page that shows a part would look like the whole");
        }
        return new FaultsOptions(all, list, json, List.copyOf(only), day, lanes, write, from);
    }

    private static String value(String option, Deque<String> left) throws WrongOption {
        String value = left.poll();
        if (value == null) {
            throw new WrongOption(option + " needs a value");
        }
        return value;
    }

    private static int number(String option, Deque<String> left, int most) throws WrongOption {
        String value = value(option, left);
        if (!value.matches("[0-9]{1,7}") || Integer.parseInt(value) < 1 || Integer.parseInt(value) > most) {
            throw new WrongOption(option + " must be 1 to " + most + ", not " + value);
        }
        return Integer.parseInt(value);
    }
}
