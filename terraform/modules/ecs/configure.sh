set -eu
# Percent-encodes what a URL may not hold as it is.
encoded() {
  local LC_ALL=C text=$1 c i
  for ((i = 0; i < ${#text}; i++)); do
    c=${text:i:1}
    case $c in [a-zA-Z0-9._~-]) printf %s "$c" ;; *) printf '%%%02X' "'$c" ;; esac
  done
}
umask 077
file=${FILE:-/run/greenleaf/greenleaf.toml}
printf 'database_url = "mysql://%s:%s@%s?ssl-mode=VERIFY_IDENTITY&ssl-ca=/etc/greenleaf/rds-ca.pem"\n' "$(encoded "$DB_USER")" "$(encoded "$DB_PASSWORD")" "$DB_PLACE" > "$file"
chown -R "${OWNER:-65532:65532}" "$(dirname "$file")"
