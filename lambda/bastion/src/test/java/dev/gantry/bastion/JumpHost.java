package dev.gantry.bastion;

/** The configuration that the bastion gives its sshd, as {@code modules/bastion_fallback} writes it. */
final class JumpHost {
    private JumpHost() {}

    static String configuration(String user, String addresses) {
        return """
                Match User %s
                    AuthenticationMethods publickey
                    MaxSessions 0
                    ForceCommand /usr/sbin/nologin
                    PermitTTY no
                    AllowAgentForwarding no
                    X11Forwarding no
                    PermitTunnel no
                    AllowStreamLocalForwarding no
                    AllowTcpForwarding local
                    PermitListen none
                    PermitOpen %s
                """.formatted(user, addresses);
    }
}
