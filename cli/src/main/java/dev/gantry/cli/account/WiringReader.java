package dev.gantry.cli.account;

import dev.gantry.launch.port.Result;
import dev.gantry.operator.Wired;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.eventbridge.model.DescribeRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;
import software.amazon.awssdk.services.eventbridge.model.RuleState;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.lambda.model.EventSourceMappingConfiguration;
import software.amazon.awssdk.services.lambda.model.FunctionResponseType;
import software.amazon.awssdk.services.scheduler.model.GetScheduleResponse;
import software.amazon.awssdk.services.scheduler.model.ScheduleState;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Reads what leads events, messages and the schedule to the functions; Terraform names all of it after the deployment. */
final class WiringReader {
    private static final List<String> RULES = List.of("-launch", "-commands");

    private final Account account;

    WiringReader(Account account) {
        this.account = account;
    }

    /** Seven calls, of which each may fail on its own. */
    Wired read() {
        String prefix = account.place().prefix();
        Map<String, Result<Optional<Wired.Rule>>> rules = new LinkedHashMap<>();
        RULES.forEach(suffix -> rules.put(prefix + suffix, Calls.tried(() -> rule(prefix + suffix))));
        Optional<String> arn =
                Calls.tried(this::queueArn) instanceof Result.Ok<Optional<String>> ok ? ok.value() : Optional.empty();
        return new Wired(
                account.place(),
                arn,
                rules,
                Calls.tried(() -> arn.map(this::mappings).orElse(List.of())),
                Calls.tried(() -> schedule(prefix + "-sweep")));
    }

    private Optional<String> queueArn() {
        return account.deployment()
                .queue()
                .map(url -> Calls.said("GetQueueAttributes of queue " + url, () -> account.clients()
                        .sqs()
                        .getQueueAttributes(
                                request -> request.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
                        .attributes()
                        .get(QueueAttributeName.QUEUE_ARN)));
    }

    private Optional<Wired.Rule> rule(String name) {
        return Calls.said("DescribeRule " + name, () -> {
            try {
                DescribeRuleResponse rule = account.clients().events().describeRule(request -> request.name(name));
                List<String> targets =
                        account.clients().events().listTargetsByRule(request -> request.rule(name)).targets().stream()
                                .map(Target::arn)
                                .toList();
                return Optional.of(new Wired.Rule(name, rule.state() != RuleState.DISABLED, targets));
            } catch (ResourceNotFoundException e) {
                return Optional.empty();
            }
        });
    }

    /** By the queue: a mapping may be of the function, or of any version or alias. */
    private List<Wired.Mapping> mappings(String queueArn) {
        return Calls.said("ListEventSourceMappings of " + queueArn, () -> account
                .clients()
                .lambda()
                .listEventSourceMappings(request -> request.eventSourceArn(queueArn))
                .eventSourceMappings()
                .stream()
                .map(WiringReader::mapping)
                .toList());
    }

    private static Wired.Mapping mapping(EventSourceMappingConfiguration found) {
        return new Wired.Mapping(
                found.uuid(),
                found.functionArn(),
                String.valueOf(found.state()),
                found.functionResponseTypes().contains(FunctionResponseType.REPORT_BATCH_ITEM_FAILURES));
    }

    private Optional<Wired.Schedule> schedule(String name) {
        return Calls.said("GetSchedule " + name, () -> {
            try {
                GetScheduleResponse found = account.clients().scheduler().getSchedule(request -> request.name(name));
                return Optional.of(new Wired.Schedule(
                        name,
                        found.state() != ScheduleState.DISABLED,
                        found.target().arn()));
            } catch (software.amazon.awssdk.services.scheduler.model.ResourceNotFoundException e) {
                return Optional.empty();
            }
        });
    }
}
