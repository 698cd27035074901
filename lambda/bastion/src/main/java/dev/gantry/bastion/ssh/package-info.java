/**
 * SSH by Apache MINA SSHD 2.15.0: one hop, the tunnel through it, one command. Nothing of MINA leaves this package.
 *
 * <p>What MINA does unless told otherwise, read in its sources, and what is done about it here:
 * <ul>
 *   <li>{@code ClientBuilder.DEFAULT_SERVER_KEY_VERIFIER} accepts every host key: replaced by {@link
 *       dev.gantry.bastion.ssh.TrustedKeys}.
 *   <li>{@code SshClient} reads {@code ~/.ssh/config} and the keys beside it: both are switched off.
 *   <li>{@code AbstractClientSession.resolveAvailableSignaturesProposal} proposes every host key algorithm, whatever keys are
 *       trusted, so a server with several keys could show another one than those that are known: proposed are those of the
 *       known keys only. Ed25519 needs a further library ({@code SecurityUtils.getEdDSASupport}), which is in the zip.
 *   <li>{@code DefaultForwarder} opens a listener for as long as the session lasts, and {@code
 *       AbstractClientChannel.handleOpenFailure} does not report to listeners why a channel was refused: {@link
 *       dev.gantry.bastion.ssh.Tunnel} opens the channel itself, and accepts one connection.
 * </ul>
 */
package dev.gantry.bastion.ssh;
