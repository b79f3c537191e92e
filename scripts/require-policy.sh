#!/bin/sh
# What `azd up` runs first of all: whether there is a policy to deploy. Packaging needs it too, but says so only after
# everything was installed and built, and newer versions of azd package while they provision.
set -eu
[ ! -f "$(dirname "$0")/../policy.json" ] || exit 0
cat >&2 <<END
There is no policy.json yet, and without a policy nothing may be tested. Begin with a copy of the sample:
  cp policy.sample.json policy.json
Say in it who may test what, commit it, and run azd up again.
END
exit 1
