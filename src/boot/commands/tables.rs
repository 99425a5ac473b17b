//! The tables of commands.

/// Programs of base systems and of the ECS images that touch no file of the agent, in alphabetical order.
const HARMLESS: &str = "
    [ adduser alias alternatives amazon-cloudwatch-agent-ctl amazon-linux-extras apk apt apt-get arch
    atd auditctl awk aws base64 basename bc blkid blockdev cd cfn-get-metadata cfn-hup chattr
    chgrp chkconfig chmod chown chronyc chronyd clear cloud-init cmp column comm complete cp crond
    crontab curl cut date dd declare df diff dig dirname disown dmesg dnf docker docker-storage-setup
    dos2unix dpkg du easy_install easy_install-3 ec2-metadata egrep enable ethtool eval export exportfs
    expr factor false fdisk fgrep file find findmnt fold free fsck getenforce getent getopts git
    gpasswd gpg grep groupadd groups growpart gunzip gzip halt hash head hexdump host hostid hostname
    hostnamectl id initctl insmod install ionice ip ip6tables iptables iptables-save jobs join
    journalctl jq kill killall last ldconfig let link ln local locale-gen logger loginctl logname
    logrotate ls lsblk lscpu lshw lsmod lspci lvcreate lvextend lvs md5sum mdadm mkdir mkfs mkfs.ext4
    mkfs.xfs mknod mkswap mktemp modprobe mount mountpoint mv nc netstat nfsstat nice nohup nproc
    nslookup ntpd ntpdate numactl nvidia-smi nvme od openssl parted partprobe passwd paste pgrep pidof
    ping pip pip2 pip3 pkill popd printenv ps pushd pvcreate pwd read readlink readonly realpath reboot
    rename renice resize2fs restart rev rm rmdir rngd rpcinfo rpm sed seq service set
    setenforce sha256sum shift shopt showmount shutdown sleep snap sort split ss ssh-keygen sshd start
    stat stop stty sum swapoff swapon sync sysctl systemctl tac tail tar test timedatectl top touch
    tr trap true truncate tune2fs type tzselect udevadm ulimit umask umount uname uniq unlink unset
    unzip update-alternatives update-ca-trust update-rc.d uptime useradd usermod uuidgen vgcreate vgs
    visudo vmstat wait wc wget which whoami xfs_growfs xz yes yum yum-config-manager zip zypper
";

/// Programs that run another command, which stands behind their options.
const WRAPPERS: &str = "cloud-init-per command env exec ionice nice nohup setsid stdbuf sudo time timeout";

/// Folders in which the programs of the system are.
const FOLDERS: [&str; 5] = ["/bin/", "/sbin/", "/usr/", "/opt/aws/", "/etc/init.d/"];

/// Whether a program of the system of this name touches no file of the agent.
pub(super) fn is_harmless(name: &str) -> bool {
    HARMLESS.split_ascii_whitespace().any(|it| it == name)
}

/// Whether a program runs another one.
pub(super) fn is_wrapper(name: &str) -> bool {
    WRAPPERS.split(' ').any(|it| it == name)
}

/// A plain name, or one below the folders of the system.
pub(super) fn is_of_the_system(path: &str) -> bool {
    !path.contains('/') || FOLDERS.iter().any(|it| path.starts_with(it))
}
