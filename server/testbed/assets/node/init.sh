# Process 1 of a node, in namespaces of its own. It ends when its standard input does, and everything in here with it.
set -e
ip link set lo up
# Programs may keep their usual places; nothing of it reaches the host.
for place in /run /var/lib /var/log; do mount -n -t tmpfs -o mode=755 node $place; done
mkdir -p /var/lib/kubelet /run/lock /run/cni /var/lib/test-volume
# The kubelet sets these for the whole machine unless they have the value already.
while read -r name value; do
    echo "$value" >/run/tunable-${name##*/}
    mount -n --bind /run/tunable-${name##*/} /proc/sys/$name
done <<'TUNABLES'
vm/overcommit_memory 1
vm/panic_on_oom 0
kernel/panic 10
kernel/panic_on_oops 1
kernel/keys/root_maxkeys 1000000
kernel/keys/root_maxbytes 25000000
TUNABLES
mount -n --make-rshared /
echo 1 >/proc/sys/net/ipv4/ip_forward
echo ready
cat >/dev/null
