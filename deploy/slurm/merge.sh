#!/usr/bin/env bash
#SBATCH --job-name=envcheck-merge
#SBATCH --cpus-per-task=1
#SBATCH --mem=1G
#SBATCH --time=00:30:00
# All parts of the fleet, put together. It ends with the exit code that counts: 0, 3, 4, or 5 where a part is missing.
set -euo pipefail

parts=()
for ((number = 1; number <= ENVCHECK_SHARDS; number++)); do
  parts+=("$ENVCHECK_REPORTS/shard-$number")
done
exec envcheck merge "${parts[@]}" -o "$ENVCHECK_REPORTS/all" --brief
