#!/usr/bin/env bash
# A pinentry for tests (the Assuan protocol on standard input and output). A window that asks for a PIN gets the first line of
# $HUTONG_PROMPTS/pins and takes it away, or what is in $HUTONG_PROMPTS/always (for demonstrations); without one it is closed by its user,
# as every confirmation is while $HUTONG_PROMPTS/refuse is there. What the windows show goes to $HUTONG_PROMPTS/shown.
set -u
cancelled='ERR 83886179 Operation cancelled <Pinentry>'
echo 'OK Pleased to meet you'
while read -r command rest; do
  case $command in
    SETTITLE | SETDESC | SETPROMPT | SETERROR | SETREPEAT)
      printf '%s %s\n' "$command" "$rest" >>"$HUTONG_PROMPTS/shown"
      echo OK
      ;;
    GETPIN)
      if [ -s "$HUTONG_PROMPTS/pins" ]; then
        echo "D $(head -1 "$HUTONG_PROMPTS/pins")"
        sed -i 1d "$HUTONG_PROMPTS/pins"
        echo OK
      elif [ -s "$HUTONG_PROMPTS/always" ]; then
        echo "D $(head -1 "$HUTONG_PROMPTS/always")"
        echo OK
      else
        echo "$cancelled"
      fi
      ;;
    CONFIRM)
      if [ -e "$HUTONG_PROMPTS/refuse" ]; then echo "$cancelled"; else echo OK; fi
      ;;
    BYE)
      echo OK
      exit 0
      ;;
    *) echo OK ;;
  esac
done
