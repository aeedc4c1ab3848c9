#!/usr/bin/env bash
# A fleet in parts, each a task of one job array, and after them all the job that puts the parts together.
#
#   ENVCHECK_REPORTS=s3://bucket/nights/2026-11-28 ENVCHECK_SHARDS=10 deploy/slurm/submit.sh
#
# Whatever is set here is set in the jobs, as sbatch does it: keys, the storage's credentials, ENVCHECK_CONFIG.
# ENVCHECK_REPORTS may be a folder that all nodes see. It prints the number of the array and that of the merge.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
: "${ENVCHECK_REPORTS:?set it to a folder that all nodes see, or to s3://bucket/prefix}"
: "${ENVCHECK_SHARDS:?set it to the number of parts}"
export ENVCHECK_REPORTS ENVCHECK_SHARDS

array=$(sbatch --parsable --array="1-$ENVCHECK_SHARDS" "$here/shard.sh")
# After any end of theirs: the merge says which part is missing, and ends with 5 then.
merge=$(sbatch --parsable --dependency="afterany:$array" "$here/merge.sh")
echo "$array $merge"
