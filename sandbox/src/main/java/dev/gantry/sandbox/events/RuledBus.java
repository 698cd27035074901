package dev.gantry.sandbox.events;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.time.Timers;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** The default bus: puts each event into its envelope and carries it to the targets of the rules that it matches. */
public final class RuledBus implements EventBus {
    private final String region;
    private final String account;
    private final Timers timers;
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private volatile Delivery delivery = Delivery.ONCE;

    public RuledBus(String region, String account, Timers timers) {
        this.region = region;
        this.account = account;
        this.timers = timers;
    }

    /** Adds a rule; one of the same name is replaced. */
    public void put(Rule rule) {
        rules.removeIf(old -> old.name().equals(rule.name()));
        rules.add(rule);
    }

    /** The rule of that name. */
    Optional<Rule> find(String name) {
        return rules.stream().filter(rule -> rule.name().equals(name)).findFirst();
    }

    /** Removes a rule; a missing rule is not an error. */
    public void remove(String name) {
        rules.removeIf(rule -> rule.name().equals(name));
    }

    /** Sets how events reach their targets from now on. */
    public void deliver(Delivery how) {
        delivery = how;
    }

    @Override
    public void put(String source, String detailType, List<String> resources, ObjectNode detail) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("version", "0");
        event.put("id", UUID.randomUUID().toString());
        event.put("detail-type", detailType);
        event.put("source", source);
        event.put("account", account);
        event.put("time", timers.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        event.put("region", region);
        resources.forEach(event.putArray("resources")::add);
        event.set("detail", detail.deepCopy());
        rules.stream().filter(rule -> rule.pattern().matches(event)).forEach(rule -> carry(rule, event));
    }

    private void carry(Rule rule, ObjectNode event) {
        String json = event.toString();
        for (Duration delay : delivery.of(event)) {
            if (delay.isZero()) {
                rule.target().accept(json);
            } else {
                timers.after(delay, () -> rule.target().accept(json));
            }
        }
    }
}
