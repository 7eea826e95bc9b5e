#!/bin/sh
# Sends one message through Messenger Admin's API: curl.sh PAGE_ID CUSTOMER_ID KEY < message.json
# API is the address of the installation, TOKEN the token. Needs curl 7.76.
# KEY is yours for this one message: with it, trying again sends nothing twice.
set -eu
page_id=$1 customer_id=$2 key=$3

# An id may hold anything, slashes too: each byte of it is written as %xx.
encoded=$(printf '%s' "$customer_id" | od -An -v -tx1 | tr -d ' \n' | sed 's/../%&/g')

# The token comes by standard input: every user of the machine can read the arguments of a program.
curl --silent --show-error --fail-with-body \
    --retry 5 --retry-connrefused --max-time 30 \
    --header @- --header 'Content-Type: application/json' --header "Idempotency-Key: $key" \
    --data-binary @/dev/fd/3 \
    "$API/social/facebook/messenger/pages/$page_id/customers/$encoded/messages" 3<&0 <<HEADERS
Authorization: Bearer $TOKEN
HEADERS
