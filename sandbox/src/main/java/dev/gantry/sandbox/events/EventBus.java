package dev.gantry.sandbox.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** EventBridge's default bus as the services of this account see it: they put events, rules carry them to queues. */
public interface EventBus {

    /**
     * Puts one event; the bus adds version, id, account, time and region.
     *
     * @param source for example {@code aws.autoscaling}
     * @param detailType for example {@code EC2 Instance-launch Lifecycle Action}
     * @param resources the ARNs that the event is about
     * @param detail the event's own fields
     */
    void put(String source, String detailType, List<String> resources, ObjectNode detail);
}
