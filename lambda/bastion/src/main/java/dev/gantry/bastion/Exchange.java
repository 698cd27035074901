package dev.gantry.bastion;

import dev.gantry.bastion.hosts.HostRecord;
import dev.gantry.bastion.hosts.Hosts;
import dev.gantry.bastion.message.Message;
import dev.gantry.bastion.message.Outcome;
import dev.gantry.bastion.message.ReplyParser;
import dev.gantry.bastion.ssh.Budget;
import dev.gantry.bastion.ssh.Command;
import dev.gantry.bastion.ssh.Hop;
import dev.gantry.bastion.ssh.SshFailure;
import dev.gantry.bastion.ssh.Tunnel;
import dev.gantry.launch.error.GantryException;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;

/**
 * One exchange with one instance: a session with the bastion, a tunnel through it, a second session with the instance, one
 * command. Both hosts are verified; everything is closed at the end.
 */
final class Exchange {
    /** Minimum time for an attempt with another bastion. */
    private static final Duration WORTH_ANOTHER = Duration.ofSeconds(8);

    private final Hosts hosts;
    private final SshLogins logins;
    private final String bucket;

    Exchange(Hosts hosts, SshLogins logins, String bucket) {
        this.hosts = hosts;
        this.logins = logins;
        this.bucket = bucket;
    }

    /** The result of the exchange; it never throws. */
    Outcome with(Message message, List<KeyPair> keys, Budget budget) {
        try {
            HostRecord instance = hosts.instance(message.instance());
            try (Hop bastion = bastion(keys, budget);
                    Tunnel tunnel = Tunnel.through(bastion, instance.address(), logins.instancePort(), budget);
                    Hop hop = Hop.to(target(instance, tunnel), keys, budget)) {
                return ask(message, hop, budget);
            }
        } catch (SshFailure e) {
            return e.passes() ? Outcome.retryable(sentence(e)) : Outcome.misconfigured(sentence(e));
        } catch (GantryException.Retryable e) {
            return Outcome.retryable(sentence(e));
        } catch (GantryException.Misconfigured e) {
            return Outcome.misconfigured(sentence(e));
        }
    }

    private static String sentence(Exception e) {
        return String.valueOf(e.getMessage());
    }

    /** Tries the newest bastion; if it does not answer and time is left, the one before. Reports the newest one's failure. */
    private Hop bastion(List<KeyPair> keys, Budget budget) throws SshFailure {
        Iterator<HostRecord> bastions = hosts.bastions().iterator();
        HostRecord newest = bastions.next();
        try {
            return Hop.to(target(newest), keys, budget);
        } catch (SshFailure e) {
            if (e.kind() != SshFailure.Kind.UNREACHABLE || !bastions.hasNext() || !budget.hasAtLeast(WORTH_ANOTHER)) {
                throw e;
            }
            return other(bastions.next(), keys, budget, e);
        }
    }

    private Hop other(HostRecord bastion, List<KeyPair> keys, Budget budget, SshFailure first) throws SshFailure {
        try {
            return Hop.to(target(bastion), keys, budget);
        } catch (SshFailure e) {
            first.addSuppressed(e);
            throw first;
        }
    }

    private Hop.Target target(HostRecord bastion) {
        InetSocketAddress address = new InetSocketAddress(bastion.address(), logins.bastionPort());
        return new Hop.Target("bastion " + bastion.instance(), bastion, address, logins.bastionUser());
    }

    private Hop.Target target(HostRecord instance, Tunnel tunnel) {
        return new Hop.Target("instance " + instance.instance(), instance, tunnel.entrance(), logins.instanceUser());
    }

    private Outcome ask(Message message, Hop instance, Budget budget) throws SshFailure {
        byte[] input = message.start()
                .map(start -> start.lines(bucket, message.instance()))
                .orElseGet(() -> new byte[0]);
        Command.Result result = Command.run(instance, message.command(), input, ReplyParser.LONGEST_LINE, budget);
        return new ReplyParser(message).parse(result.out(), result.cut(), result.error(), result.exit());
    }
}
