package dev.gantry.bastion.keys;

import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The function's key pairs: the current one, and the previous one while instances may still know only that. */
public record KeyRing(SshKeyPair current, Optional<Previous> previous) {

    /**
     * The pair before the current one.
     *
     * @param validUntil it is offered until then, and public.json has it with this time
     */
    public record Previous(SshKeyPair pair, Instant validUntil) {

        boolean isValid(Instant now) {
            return now.isBefore(validUntil);
        }
    }

    /** The pairs to log in with, the current one first. */
    public List<KeyPair> offered(Instant now) {
        List<KeyPair> pairs = new ArrayList<>();
        pairs.add(current.pair());
        previous.filter(old -> old.isValid(now))
                .ifPresent(old -> pairs.add(old.pair().pair()));
        return pairs;
    }

    /** With a new current pair, and this one's as the one before. */
    KeyRing rotated(SshKeyPair fresh, Instant validUntil) {
        return new KeyRing(fresh, Optional.of(new Previous(current, validUntil)));
    }
}
