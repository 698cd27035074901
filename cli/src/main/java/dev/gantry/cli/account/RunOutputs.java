package dev.gantry.cli.account;

import dev.gantry.launch.id.InstanceId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.CommandInvocation;
import software.amazon.awssdk.services.ssm.model.CommandPlugin;

/**
 * What a run wrote: the 24,000 bytes that the agent keeps of each step. GetCommandInvocation wants the step's name for a
 * document of several steps (API_GetCommandInvocation), which the list of invocations tells.
 */
final class RunOutputs {
    private static final int PAGE = 50;
    /** Of AWS's document and of the hardened one: they fetch the bundle, and Ansible says nothing in them. */
    private static final Set<String> DOWNLOADS = Set.of("downloadContent", "downloadWheelhouse");

    private final SsmClient ssm;

    RunOutputs(SsmClient ssm) {
        this.ssm = ssm;
    }

    Map<InstanceId, String> of(Collection<String> commands, Set<InstanceId> instances) {
        Map<InstanceId, String> outputs = new TreeMap<>();
        commands.forEach(command -> invocations(command).stream()
                .filter(invocation -> InstanceId.isOne(invocation.instanceId()))
                .filter(invocation -> instances.contains(new InstanceId(invocation.instanceId())))
                .forEach(invocation -> outputs.put(new InstanceId(invocation.instanceId()), output(invocation))));
        return outputs;
    }

    private Collection<CommandInvocation> invocations(String command) {
        return Calls.said("ListCommandInvocations of command " + command, () -> ssm
                .listCommandInvocationsPaginator(
                        request -> request.commandId(command).details(true).maxResults(PAGE))
                .commandInvocations()
                .stream()
                .toList());
    }

    private String output(CommandInvocation invocation) {
        Optional<String> step = invocation.commandPlugins().stream()
                .filter(plugin -> plugin.name() != null && !DOWNLOADS.contains(plugin.name()))
                .filter(plugin -> plugin.output() != null && !plugin.output().isBlank())
                .map(CommandPlugin::name)
                .findFirst();
        String what = "GetCommandInvocation of command " + invocation.commandId() + " on " + invocation.instanceId();
        return Calls.said(what, () -> Optional.ofNullable(ssm.getCommandInvocation(request -> {
                            request.commandId(invocation.commandId()).instanceId(invocation.instanceId());
                            step.filter(name -> !name.startsWith("aws:")).ifPresent(request::pluginName);
                        })
                        .standardOutputContent())
                .orElse(""));
    }
}
