# What is done where the public site lies: one script for a folder of this machine and for a server.
# It needs a POSIX shell, GNU coreutils and rsync, and nothing that keeps running.
#
#   list ROOT                        the facts of each release, a line each, and which is public
#   clock ROOT                       the time, seconds since 1970
#   space ROOT                       kilobytes and files for which there is room
#   ready ROOT                       make the folder of the releases
#   receive ROOT                     make the folder of what is being sent
#   abandon ROOT                     throw away what is being sent
#   room ROOT                        if space is short, throw away all but the public release and the one before it
#   spare ROOT KEEP                  throw away all but the public release and those before it, KEEP together
#   publish ROOT NAME KEEP           check what was sent, make it the release NAME, make it public
#   check ROOT                       compare the public release with what was sent
#   switch ROOT NAME                 make the release NAME public
#   purge ROOT KEEP [OLD…]           throw away OLD, and all but the last KEEP
#
# ROOT/releases/NAME/   the files of a release       ROOT/releases/NAME.json, .sums, .cdx.json   its facts, never public
# ROOT/current          leads to the public one      ROOT/.incoming/           what is being sent
set -eu
umask 022
command=$1
root=$2
shift 2

public() {
	if [ -L "$root/current" ]; then basename "$(readlink "$root/current")"; fi
}

switch() {
	[ -d "$root/releases/$1" ] || { echo "no release $1" >&2; exit 3; }
	# A link is made beside and moved over the old one: at no moment is there none.
	ln -sfn "releases/$1" "$root/.current"
	mv -T "$root/.current" "$root/current"
}

names() {
	# Names begin with a number of fixed length: the order of names is that of releases.
	ls -1 "$root/releases" | grep -E '^[0-9]{6}-[0-9a-f]{12}$' | sort -r
}

lock_is_held() {
	# If the lock can be acquired now, it was lost: another release may be running.
	if flock -n "$root/.lock" true; then
		echo "the lock of the release was lost" >&2
		exit 7
	fi
}

space() {
	df -k --output=avail "$root" | tail -n 1
	# Some file systems have no table of files, and so no limit.
	if [ "$(df --output=itotal "$root" | tail -n 1 | tr -d ' -')" -gt 0 ] 2>/dev/null; then
		df --output=iavail "$root" | tail -n 1
	else
		echo 1000000000
	fi
}

spare() {
	left=$1
	now=$(public)
	[ -n "$now" ] || return 0
	seen=
	for release in $(names); do
		if [ "$release" = "$now" ]; then seen=1; fi
		if [ -n "$seen" ] && [ "$left" -gt 0 ]; then
			left=$((left - 1))
		else
			discard "$release"
			echo "$release"
		fi
	done
}

purge() {
	keep=$1
	shift
	now=$(public)
	# What an interrupted purge has left.
	rm -rf "$root/.old"
	for old in "$@"; do
		[ "$old" = "$now" ] || discard "$old"
	done
	names | tail -n "+$((keep + 1))" | while read -r old; do
		[ "$old" = "$now" ] || discard "$old"
	done
	# Facts without a release are left over from one that was interrupted.
	rm -f "$root"/releases/.[0-9]*.json
	for facts in "$root"/releases/*.json "$root"/releases/*.sums; do
		release=${facts%.*}
		[ -d "${release%.cdx}" ] || rm -f "$facts"
	done
}

discard() {
	# Out of sight first, so that half a release is never taken for one.
	rm -rf "$root/.old"
	if [ -d "$root/releases/$1" ]; then mv "$root/releases/$1" "$root/.old"; fi
	rm -rf "$root/.old" "$root/releases/$1.json" "$root/releases/$1.sums" "$root/releases/$1.cdx.json"
}

case $command in
list)
	now=$(public)
	for folder in "$root"/releases/*/; do
		name=$(basename "$folder")
		[ -f "$root/releases/$name.json" ] || continue
		if [ "$name" = "$now" ]; then mark='*'; else mark='-'; fi
		printf '%s %s %s\n' "$mark" "$name" "$(tr -d '\n' <"$root/releases/$name.json")"
	done
	;;
clock)
	date +%s
	;;
abandon)
	rm -rf "$root/.incoming"
	;;
space)
	space
	;;
ready)
	mkdir -p "$root/releases"
	;;
receive)
	mkdir -p "$root/.incoming/site"
	;;
room)
	[ -d "$root/current/" ] || exit 0
	# Without the lock a release is under way, which sees for itself.
	exec 9>>"$root/.lock"
	flock -n 9 || exit 0
	# A site of the same size again, and as much to build it where this machine does that.
	size=$(($(du -skD "$root/current" | cut -f 1) * 2))
	files=$(($(find "$root/current/" | wc -l) * 2))
	space | {
		read -r kilobytes
		read -r count
		if [ "$kilobytes" -lt "$size" ] || [ "$count" -lt "$files" ]; then spare 2; fi
	}
	;;
spare)
	spare "$1"
	;;
publish)
	name=$1
	keep=$2
	incoming=$root/.incoming
	# What has come is what was sent, to the bit, and nothing else.
	(cd "$incoming/site" && sha256sum --quiet --strict -c ../sums >&2)
	[ "$(find "$incoming/site" -type f | wc -l)" -eq "$(wc -l <"$incoming/sums")" ] || { echo "more files than were sent" >&2; exit 4; }
	# Pages of the releases before may still be open somewhere: what they load stays.
	for earlier in $(names | head -n "$keep"); do
		# Its own only: what it kept of others is theirs.
		own=$(sed -n 's/.*"assets": *"\([0-9a-f]*\)".*/\1/p' "$root/releases/$earlier.json")
		(cd "$root/releases/$earlier" && find . -type d -path "*/assets/$own") | while read -r assets; do
			if [ ! -e "$incoming/site/$assets" ]; then
				cp -al "$root/releases/$earlier/$assets" "$incoming/site/$assets"
			fi
		done
	done
	rm -rf "${root:?}/releases/$name"
	# The manifest is written first: a folder without one is not a release.
	mv -T "$incoming/sums" "$root/releases/$name.sums"
	mv -T "$incoming/bill" "$root/releases/$name.cdx.json"
	cp "$incoming/facts" "$root/releases/.$name.json"
	mv -T "$root/releases/.$name.json" "$root/releases/$name.json"
	mv -T "$incoming/site" "$root/releases/$name"
	sync -f "$root/releases/$name" || true
	lock_is_held
	switch "$name"
	rm -rf "$incoming"
	;;
check)
	now=$(public)
	[ -n "$now" ] || { echo "nothing is public" >&2; exit 5; }
	echo "$now"
	(cd "$root/releases/$now" && sha256sum --quiet -c "../$now.sums" 2>&1) || exit 6
	;;
switch)
	switch "$1"
	;;
purge)
	purge "$@"
	;;
*)
	echo "unknown: $command" >&2
	exit 2
	;;
esac
