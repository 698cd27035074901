/**
 * The deterministic simulation: the real reconciler, decision table, stay, breaker and operator in a cloud that lies,
 * lags, fails and kills. One seed decides everything; virtual time; no threads within a life. See {@link
 * dev.gantry.launch.simulation.Simulation}.
 *
 * <p>Liveness: when faults stop and configuration errors are repaired, every stay ends within its launch deadline and its hold and
 * ten minutes ({@link dev.gantry.launch.simulation.Invariants#longestStay}), and an instance that is launched then
 * proceeds within eleven minutes.
 *
 * <p>What Gantry cannot know is no violation. An instance can pass through service and the warm pool and come back to the
 * same gate. If no undisturbed look had its launch event or saw it away from the gate, Gantry takes this for the same wait.
 *
 * <table>
 * <caption>What can go wrong, and the kinds of faults that simulate it</caption>
 * <tr><td>agents late, hibernating</td><td>{@code AGENT_LATE} (up to an hour)</td></tr>
 * <tr><td>agents absent</td><td>{@code AGENT_ABSENT}</td></tr>
 * <tr><td>agents that lose their connection</td>
 * <td>{@code AGENT_LOSES_CONNECTION}, {@code SEND_NOT_REGISTERED}</td></tr>
 * <tr><td>stale Online</td><td>{@code AGENT_STALE_ONLINE}</td></tr>
 * <tr><td>events lost, doubled, hours late, reordered</td>
 * <td>{@code EVENT_LOST}, {@code EVENT_DOUBLED}, {@code EVENT_LATE} (and so after others)</td></tr>
 * <tr><td>calls throttled</td><td>{@code CALL_FAILS}, {@code SEND_THROTTLED}</td></tr>
 * <tr><td>calls failing before taking effect</td>
 * <td>{@code CALL_FAILS}, {@code OBJECT_FAILS}, {@code SEND_LOST}</td></tr>
 * <tr><td>calls failing after taking effect</td>
 * <td>{@code ANSWER_LOST}, {@code OBJECT_ANSWER_LOST}, {@code SEND_UNCLEAR}</td></tr>
 * <tr><td>calls that take their time</td><td>{@code CALL_SLOW}, {@code HOOK_SLOW}</td></tr>
 * <tr><td>describe lagging behind</td><td>{@code DESCRIBE_LAGS}</td></tr>
 * <tr><td>list lagging behind, also behind a send</td><td>{@code LIST_LAGS}</td></tr>
 * <tr><td>functions stopped for up to a minute between any two calls</td><td>{@code PROCESS_STOPPED}</td></tr>
 * <tr><td>functions killed between any two calls</td>
 * <td>{@code WORKER_KILLED}, and the function's own timeout</td></tr>
 * <tr><td>two workers on one stay</td><td>{@code SECOND_WORKER}</td></tr>
 * <tr><td>one claim owner shared by two workers</td><td>{@code OWNER_SHARED}</td></tr>
 * <tr><td>412 on one's own write</td><td>{@code WRITE_REPEATED}</td></tr>
 * <tr><td>412 on another worker's write</td><td>{@code SECOND_WORKER}, {@code WRITE_REPEATED}</td></tr>
 * <tr><td>409</td><td>{@code WRITE_CONFLICT}</td></tr>
 * <tr><td>404</td><td>{@code RECORD_DELETED}</td></tr>
 * <tr><td>an operator's manual command</td><td>{@code COMMAND_BY_HAND}, {@code OTHER_COMMAND_BY_HAND}</td></tr>
 * <tr><td>an operator's manual completion</td><td>{@code COMPLETED_BY_HAND}</td></tr>
 * <tr><td>an operator's hold</td><td>{@code INSTANCE_HELD}</td></tr>
 * <tr><td>an operator's further run</td><td>{@code RUN_RETRIED}</td></tr>
 * <tr><td>instances terminated by scale-in in the middle</td><td>{@code SCALED_IN}</td></tr>
 * <tr><td>spot interruption</td><td>{@code SPOT_INTERRUPTED}</td></tr>
 * <tr><td>instance refresh</td><td>{@code INSTANCE_REFRESH}</td></tr>
 * <tr><td>standby</td><td>{@code STANDBY}</td></tr>
 * <tr><td>warm pools with reuse and restart</td>
 * <td>three of ten seeds have a warm pool, half of these reuse ({@code Scenario})</td></tr>
 * <tr><td>another launch hook</td><td>one of seven seeds has one ({@code Scenario})</td></tr>
 * <tr><td>a new bundle published in the middle</td><td>{@code BUNDLE_PUBLISHED}</td></tr>
 * <tr><td>bad bundles, one that fails half of the time</td>
 * <td>{@code BUNDLE_BAD}, {@code BUNDLE_UNRELIABLE}, {@code RUN_FAILS}</td></tr>
 * <tr><td>runs that hang, are misreported or refused</td>
 * <td>{@code RUN_HANGS}, {@code RUN_MISREPORTED}, {@code RUN_REFUSED}</td></tr>
 * <tr><td>the breaker, its second limit, the last good bundle</td>
 * <td>the real one, with limits of 1 to 3 and 1 to 6 ({@code Scenario})</td></tr>
 * <tr><td>proposing a quarantined bundle, lifting</td><td>{@code QUARANTINED_PROPOSED}, {@code LIFTED}</td></tr>
 * <tr><td>launches suspended or resumed by somebody else</td>
 * <td>{@code SUSPENDED_BY_HAND}, {@code RESUMED_BY_HAND}</td></tr>
 * <tr><td>settings changed in the middle: version, deadline, mode, limits</td><td>{@code SETTINGS_CHANGED}</td></tr>
 * <tr><td>misconfiguration, repaired</td><td>{@code MISTAKE}</td></tr>
 * <tr><td>misconfiguration, never repaired</td><td>{@code MISTAKE_NEVER_REPAIRED}</td></tr>
 * <tr><td>a function that is down for minutes</td><td>{@code FUNCTION_DOWN}</td></tr>
 * <tr><td>sweeps late, lost or doubled</td><td>{@code SWEEP_LATE}, {@code SWEEP_LOST}, {@code SWEEP_DOUBLED}</td></tr>
 * <tr><td>fleets with a second channel</td><td>seven of twenty seeds have one ({@code Scenario})</td></tr>
 * <tr><td>agents that never come where there is another channel</td><td>{@code AGENT_BROKEN}</td></tr>
 * <tr><td>Systems Manager away for minutes, its agents with it or not</td>
 * <td>{@code SSM_AWAY}, {@code SSM_AGENTS_CUT_OFF}</td></tr>
 * <tr><td>questions over the bastion not taken, lost, doubled, late</td>
 * <td>{@code BASTION_ASK_FAILS}, {@code BASTION_MESSAGE_LOST}, {@code BASTION_MESSAGE_DOUBLED},
 * {@code BASTION_MESSAGE_LATE}</td></tr>
 * <tr><td>bastion or instance away, its host key changed, the connection cut after it took effect</td>
 * <td>{@code BASTION_AWAY}, {@code BASTION_REFUSED}, {@code BASTION_CUT}</td></tr>
 * <tr><td>answers missing, late, stale</td>
 * <td>{@code BASTION_ANSWER_LOST}, {@code BASTION_ANSWER_LATE} (and so over newer ones)</td></tr>
 * <tr><td>the instance's lock held by another run</td><td>{@code BASTION_LOCK_HELD}</td></tr>
 * <tr><td>an instance that restarts in the middle of a run, by its play or otherwise</td>
 * <td>{@code INSTANCE_REBOOTED}</td></tr>
 * </table>
 */
package dev.gantry.launch.simulation;
