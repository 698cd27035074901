package dev.gantry.sandbox.ssm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * An instance whose agent has registered. Pings are computed, not sent: an agent that has been connected since T last
 * pinged at T plus whole intervals, and one that went silent pinged for the last time before that.
 *
 * @param silentSince when the machine stopped; empty while it runs
 * @param terminated whether it is gone for good
 */
record ManagedInstance(
        NodeInfo info,
        NodeAgent agent,
        Instant registered,
        Instant connected,
        Optional<Instant> silentSince,
        boolean terminated) {

    Instant lastPing(Instant now, Duration interval) {
        Instant end = silentSince.orElse(now);
        long pings = Duration.between(connected, end).toMillis() / interval.toMillis();
        return connected.plus(interval.multipliedBy(pings));
    }

    boolean online(Instant now, SsmOptions options) {
        return now.isBefore(lastPing(now, options.pingInterval()).plus(options.connectionLostAfter()));
    }

    ManagedInstance silent(Instant now, boolean forGood) {
        return new ManagedInstance(
                info, agent, registered, connected, Optional.of(silentSince.orElse(now)), forGood || terminated);
    }

    String pingStatus(Instant now, SsmOptions options) {
        return online(now, options) ? "Online" : "ConnectionLost";
    }

    ObjectNode describe(Instant now, SsmOptions options) {
        return Json.object()
                .put("InstanceId", info.instanceId())
                .put("PingStatus", pingStatus(now, options))
                .put("LastPingDateTime", Json.seconds(lastPing(now, options.pingInterval())))
                .put("AgentVersion", info.agentVersion())
                .put("IsLatestVersion", false)
                .put("PlatformType", "Linux")
                .put("PlatformName", info.platformName())
                .put("PlatformVersion", info.platformVersion())
                .put("ResourceType", "EC2Instance")
                .put("IPAddress", info.ipAddress())
                .put("ComputerName", info.computerName())
                .put("SourceId", info.instanceId())
                .put("SourceType", "AWS::EC2::Instance");
    }
}
