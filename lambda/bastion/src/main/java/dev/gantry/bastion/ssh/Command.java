package dev.gantry.bastion.ssh;

import dev.gantry.bastion.ssh.SshFailure.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;

/** Runs one command in a session: input in, output and exit code out. */
public final class Command {
    private static final int LONGEST_ERROR = 4 * 1024;

    private Command() {}

    /**
     * The output of a command.
     *
     * @param out the first bytes of its standard output, as many as were allowed
     * @param cut whether there were more
     * @param error the beginning of its standard error
     */
    @SuppressWarnings("ArrayRecordComponent") // Made, read once and forgotten; never compared.
    public record Result(byte[] out, boolean cut, String error, int exit) {}

    /**
     * Runs it to its end.
     *
     * @throws SshFailure of the kind CUT if its end is not known: the command may have taken effect
     */
    public static Result run(Hop hop, String command, byte[] input, int longestOutput, Budget budget)
            throws SshFailure {
        BoundedOutput out = new BoundedOutput(longestOutput);
        BoundedOutput error = new BoundedOutput(LONGEST_ERROR);
        String what = "'" + command + "' on " + hop.name();
        try (ChannelExec channel = hop.session().createExecChannel(command)) {
            channel.setIn(new ByteArrayInputStream(input));
            channel.setOut(out);
            channel.setErr(error);
            channel.open().verify(budget.left("beginning " + what));
            Set<ClientChannelEvent> events = channel.waitFor(
                    EnumSet.of(ClientChannelEvent.CLOSED),
                    budget.left("waiting for " + what).toMillis());
            if (events.contains(ClientChannelEvent.TIMEOUT)) {
                throw new SshFailure(Kind.CUT, what + " did not end within the time of one exchange");
            } else if (channel.getExitStatus() == null) {
                throw new SshFailure(
                        Kind.CUT,
                        what
                                + (channel.getExitSignal() == null
                                        ? " was cut: the connection ended before it did"
                                        : " was ended by signal " + channel.getExitSignal()));
            }
            return new Result(
                    out.bytes(),
                    out.isCut(),
                    new String(error.bytes(), StandardCharsets.UTF_8),
                    channel.getExitStatus());
        } catch (IOException | IllegalStateException e) {
            // MINA throws the latter where the session was closed since the login.
            throw new SshFailure(Kind.CUT, what + " was cut: " + Hop.words(e), e);
        }
    }
}
