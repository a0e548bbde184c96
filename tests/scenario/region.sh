# The demonstration region as shell functions for ./dev: vendors' CAs, their key management centre, the platform. What `serve` has started
# ends with the shell.
# shellcheck shell=bash

region_pids=()
stop_region() {
  local pid
  for pid in "${region_pids[@]}"; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  region_pids=()
}

# free_ports NUMBER: so many free ports of this machine, on one line.
free_ports() {
  node -e '
    const wanted = Array.from({ length: Number(process.argv[1]) }, () => require("net").createServer());
    Promise.all(wanted.map((one) => new Promise((ready) => one.listen(0, "127.0.0.1", ready)))).then(() => {
      console.log(wanted.map((one) => one.address().port).join(" "));
      wanted.forEach((one) => one.close());
    });' "$1"
}

# serve LOG EVENT COMMAND…: starts a program and waits until its log names the event; stop_region ends it.
serve() {
  local log=$1 event=$2
  shift 2
  "$@" 2>"$log" &
  region_pids+=($!)
  trap stop_region EXIT
  trap 'stop_region; exit 130' INT TERM
  for _ in $(seq 200); do
    ! grep -q "$event" "$log" || return 0
    kill -0 "${region_pids[-1]}" 2>/dev/null || break
    sleep 0.1
  done
  echo "$1 did not start:" >&2
  tail -20 "$log" >&2
  return 1
}

# wait_for FILE: until a program has written it.
wait_for() {
  for _ in $(seq 200); do
    [ ! -e "$1" ] || return 0
    sleep 0.1
  done
  echo "$1 was not written" >&2
  return 1
}

# prepare FOLDER: makes it anew, with a password file and an identity for TLS (tls.pem, tls.key).
prepare() {
  rm -rf "$1"
  mkdir -p "$1/operators"
  chmod 700 "$1" "$1/operators"
  (umask 077 && openssl rand -hex 8 >"$1/password" &&
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj /CN=127.0.0.1 \
      -addext subjectAltName=IP:127.0.0.1 -keyout "$1/tls.key" -out "$1/tls.pem" 2>/dev/null)
}

# initialise_ca FOLDER NAME PORT [KMC-URL]: the ceremony of a vendor's CA; with a key management centre in ../kmc for dual certificates.
initialise_ca() {
  local folder=$1 name=$2 port=$3 kmc=${4:-}
  prepare "$folder"
  cat >"$folder/ca.toml" <<TEXT
[ca]
vendor = "$name"
[server]
port = $port
[keys]
password_file = "password"
[publishing]
url = "http://127.0.0.1:$port"
folder = "published"
[console]
folder = "$PWD/web/portal/dist"
TEXT
  [ -z "$kmc" ] || cat >>"$folder/ca.toml" <<TEXT
[key_centre]
url = "$kmc"
tls_authority = "../kmc/tls.pem"
tls_certificate = "tls.pem"
tls_key = "tls.key"
certificate = "../kmc/operators/centre.cer"
TEXT
  build/release/bin/hutong-ca init --config "$folder/ca.toml" --organization "${name}有限公司" --name "$name" --root-name "$name 根" \
    --root-folder "$folder/root" --demonstration "$folder/password" --output "$folder/operators" >"$folder/ceremony.txt"
}

# vendor_of CA-FOLDER: how its pages call it.
vendor_of() {
  sed -n 's/^vendor = "\(.*\)"/\1/p' "$1/ca.toml"
}

start_ca() {
  serve "$1/ca.log" server.listening build/release/bin/hutong-ca --config "$1/ca.toml"
}

# initialise_kmc FOLDER PORT SERVICE-PORT [CA-FOLDER…]: the ceremony of the key management centre of these CAs.
initialise_kmc() {
  local folder=$1 port=$2 service=$3 ca clients= authorities=()
  shift 3
  prepare "$folder"
  for ca in "$@"; do
    cat "$ca/tls.pem" >>"$folder/clients.pem"
    clients='client_authorities = "clients.pem"'
    authorities+=(--authority "$(vendor_of "$ca"),$ca/operators/ca.cer,$ca/tls.pem")
  done
  cat >"$folder/kmc.toml" <<TEXT
[server]
port = $port
tls = false
[service]
port = $service
$clients
[tls]
certificate = "tls.pem"
key = "tls.key"
[keys]
password_file = "password"
[operators]
audience = "http://127.0.0.1:$port"
[console]
folder = "$PWD/web/portal/dist"
TEXT
  build/release/bin/hutong-kmc init --config "$folder/kmc.toml" --name "CN=演示密钥管理中心,O=演示机构,C=CN" --minimum 100 --target 500 \
    --demonstration "$folder/password" --output "$folder/operators" "${authorities[@]}" >"$folder/ceremony.txt"
}

start_kmc() {
  serve "$1/kmc.log" 'service\.\(listening\|off\)' build/release/bin/hutong-kmc --config "$1/kmc.toml"
}

# make_demonstration_keys REGION: a token (PIN 12345678) with a key for each way a login can go; their certificates come with the region.
demonstration_keys=(supplier purchaser revoked on-hold expired unaccredited unknown)
make_demonstration_keys() {
  local folder=$1 name
  mkdir -p "$folder/subscribers"
  (umask 077 && echo 12345678 >"$folder/subscribers/user.pin")
  HUTONG_TOKEN_HOME=$folder/tokens build/release/bin/hutong token init --name demonstration --label 演示钥匙 --application HUTONG
  for name in "${demonstration_keys[@]}"; do
    use_demonstration_key "$folder" "$name" keygen
    use_demonstration_key "$folder" "$name" request --subject "CN=$name,C=CN" --der -o "$folder/subscribers/$name.csr"
  done
}

# use_demonstration_key REGION NAME COMMAND…
use_demonstration_key() {
  local folder=$1 name=$2 command=$3
  shift 3
  HUTONG_TOKEN_HOME=$folder/tokens build/release/bin/hutong token "$command" --library build/release/lib/libhutong-skf.so \
    --device demonstration --container "$name" --pin-file "$folder/subscribers/user.pin" "$@" >/dev/null
}

# start_platform FOLDER LISTEN [BUSINESS-PORT…]: the region's material, the platform with its first operators; sets `url`. Port 0 is any free
# one. Demonstration keys that lie there get their certificates.
start_platform() {
  local folder=$1 listen=$2 options=() name
  shift 2
  [ "${listen##*:}" != 0 ] || listen="${listen%:*}:$(free_ports 1)" # a login is signed for an address
  mkdir -p "$folder"
  (umask 077 && openssl rand -hex 8 >"$folder/password")
  options=(--operators "$folder/password")
  [ ! -d "$HUTONG_CORPUS" ] || options+=(--corpus "$HUTONG_CORPUS")
  [ ! -d "$folder/subscribers" ] || options+=(--subscribers "$folder/subscribers")
  build/release/bin/hutong-demonstration "$folder" --listen "$listen" --portal "$PWD/web/portal/dist" "${options[@]}"
  if [ -d "$folder/subscribers" ]; then
    for name in "${demonstration_keys[@]}"; do
      use_demonstration_key "$folder" "$name" import --signature "$folder/subscribers/$name.cer"
    done
  fi
  build/release/bin/hutong-platform init --config "$folder/platform.toml" --system-administrator "$folder/operators/system-administrator.cer" \
    --security-administrator "$folder/operators/security-administrator.cer" --audit-administrator "$folder/operators/audit-administrator.cer"
  node tests/scenario/logins.mjs "$folder" "http://$listen" "$@"
  serve "$folder/platform.log" server.listening build/release/bin/hutong-platform --config "$folder/platform.toml"
  url=$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' "$folder/platform.log" | head -1)
}

# start_business REGION PROCUREMENT-PORT TRADING-PORT: two business systems, registered by the platform's operators.
start_business() {
  local folder=$1 name
  shift
  node tests/scenario/business.mjs "$url" "$folder" "$@"
  for name in procurement trading; do
    serve "$folder/business/$name.log" server.listening node web/business/main.mjs "$folder/business/$name.json"
  done
}

# start_region FOLDER LISTEN CA-A-PORT CA-B-PORT KMC-PORT SERVICE-PORT PROCUREMENT-PORT TRADING-PORT: two vendors' CAs, their key management
# centre with its custodians appointed, the platform whose operators accredit them, two business systems whose users log in there.
start_region() {
  local folder=$1 listen=$2 port_a=$3 port_b=$4 kmc_port=$5 service=$6 procurement=$7 trading=$8 ca
  rm -rf "$folder"
  make_demonstration_keys "$folder"
  local cas=("$folder/vendor-a" "$folder/vendor-b")
  initialise_ca "${cas[0]}" 演示CA甲 "$port_a" "https://127.0.0.1:$service"
  initialise_ca "${cas[1]}" 演示CA乙 "$port_b" "https://127.0.0.1:$service"
  initialise_kmc "$folder/kmc" "$kmc_port" "$service" "${cas[@]}"
  start_kmc "$folder/kmc"
  node tests/scenario/appoint.mjs "$folder/kmc"
  for ca in "${cas[@]}"; do
    start_ca "$ca"
    wait_for "$ca/published/pki/root.crl" # written after the lists
  done
  start_platform "$folder" "$listen" "$procurement" "$trading"
  platform_pid=${region_pids[-1]}
  node tests/scenario/accreditation.mjs build/release/bin/hutong "$url" "$folder" "${cas[@]}"
  start_business "$folder" "$procurement" "$trading"
}

# start_agent FOLDER PORT ORIGIN [TEST-DRIVER…]: the token agent for this origin, with the software token and these test drivers; a device is
# made unless agent_tokens names a folder that has some.
# Its windows are answered by pinentry.sh with what lies in FOLDER/prompts.
start_agent() {
  local folder=$1 port=$2 origin=$3 driver
  shift 3
  mkdir -p "$folder/drivers.d" "$folder/prompts"
  export HUTONG_TOKEN_HOME=${agent_tokens:-$PWD/$folder/tokens} HUTONG_DRIVERS=$PWD/$folder/drivers.d HUTONG_PROMPTS=$PWD/$folder/prompts
  [ -d "$HUTONG_TOKEN_HOME" ] || build/release/bin/hutong token init --name supplier --label 演示钥匙 --application HUTONG
  describe_driver "$folder" software-token 互通 "$PWD/build/release/lib/libhutong-skf.so"
  for driver in "$@"; do
    describe_driver "$folder" "${driver//_/-}" "$driver" "$PWD/build/release/src/token/driver/test_drivers/lib$driver.so"
  done
  serve_agent "$folder" "$port" "$origin" "$(answering_windows)"
}

# Windows that are answered with what lies in HUTONG_PROMPTS, as a section of agent.toml.
answering_windows() {
  printf '[prompt]\nprogram = "%s"\n' "$PWD/tests/scenario/pinentry.sh"
}

# serve_agent FOLDER PORT ORIGIN MORE: the token agent for this origin, with the tokens and drivers of the environment and MORE in its
# configuration.
serve_agent() {
  local folder=$1
  cat >"$folder/agent.toml" <<TEXT
[server]
port = $2
state = "$PWD/$folder/state"
[origins]
allowed = ["$3"]
$4
TEXT
  serve "$folder/agent.log" server.listening build/release/bin/hutong-agent --config "$folder/agent.toml"
}

# start_demonstration_agent REGION ORIGIN: the agent at its usual port, with a token of vendor A's supplier and the demonstration keys. On a
# desktop its windows ask for the PIN; without one they are answered with it. Nothing when something serves at that port already. Sets `agent`, what to tell people.
start_demonstration_agent() {
  local region=$1 origin=$2 folder=$1/agent windows= trust=
  node tests/scenario/supply.mjs build/release/bin "$region/vendor-a" "$PWD/$region/tokens"
  mkdir -p "$folder/drivers.d" "$folder/prompts"
  export HUTONG_TOKEN_HOME=$PWD/$region/tokens HUTONG_DRIVERS=$PWD/$folder/drivers.d HUTONG_PROMPTS=$PWD/$folder/prompts
  describe_driver "$folder" software-token 互通 "$PWD/build/release/lib/libhutong-skf.so"
  agent="tokens               HUTONG_TOKEN_HOME=$HUTONG_TOKEN_HOME, PIN 12345678"
  if (exec 3<>/dev/tcp/127.0.0.1/26381) 2>/dev/null; then
    agent+=$'\n    token agent         port 26381 is taken: pages meet what serves there'
    return
  fi
  if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || ! compgen -c pinentry- | grep -qE '^pinentry-(gnome3|qt|gtk-2|x11)$'; then
    windows=$(answering_windows)
    echo 12345678 >"$folder/prompts/always"
  fi
  [ ! -e "$region/trust-list.p7m" ] || trust=$(printf '[trust]\nlist = "%s"\nlist_signer = "%s"\n' "$PWD/$region/trust-list.p7m" "$PWD/$region/list-signer.cer")
  serve_agent "$folder" 26381 "$origin" "$windows"$'\n'"$trust"
  agent+=$'\n    token agent         https://127.0.0.1:26381/agent/v1/status (have your browser trust it: open it, or'
  agent+=$'\n                        build/release/bin/hutong-agent --config '"$folder"$'/agent.toml install; afterwards: uninstall)'
  [ -z "$windows" ] || agent+=$'\n                        no desktop here: its windows answer themselves with the PIN'
}

# describe_driver FOLDER NAME VENDOR LIBRARY
describe_driver() {
  cat >"$1/drivers.d/$2.toml" <<TEXT
[driver]
name = "$2"
vendor = "$2"
vendor_zh = "$3"
[library]
linux = ["$4"]
[calls]
seconds = 2
TEXT
}
