# What the instances read from S3 beside the bundle, which names it in its values: videos and archives. A bundle does not know
# the bucket of its environment, so its values say {{ gantry_bucket }}, and the settings' extra variables say which it is.

locals {
  videos    = "videos/${module.fleet.encoded}/"
  artifacts = "artifacts/${module.fleet.encoded}/"

  places    = compact(concat(var.workload.videos, [var.workload.artifacts]))
  own       = [for place in local.places : regex("^s3://\\{\\{ *gantry_bucket *\\}\\}/(.+)$", place)[0] if can(regex("^s3://\\{\\{ *gantry_bucket *\\}\\}/(.+)$", place))]
  elsewhere = [for place in local.places : regex("^s3://(?P<bucket>[a-z0-9][a-z0-9.-]+)/(?P<key>.+)$", place) if can(regex("^s3://([a-z0-9][a-z0-9.-]+)/(.+)$", place))]

  objects = merge(
    !anytrue([for key in local.own : startswith(key, local.videos)]) ? {} : { (local.videos) = {
      folder     = "${var.workload.folder}/videos"
      first_only = true
      how        = "Put videos there (aws s3 cp FILE s3://${var.store.bucket}/${local.videos}), or name your own in rtsp_server_videos of the environment's configuration."
    } },
    !anytrue([for key in local.own : startswith(key, local.artifacts)]) ? {} : { (local.artifacts) = {
      folder     = "${var.workload.folder}/artifacts"
      first_only = false
      how        = "Put MediaMTX's archive there: scripts/ops/mirror-artifacts --to s3://${var.store.bucket}/${local.artifacts}"
    } },
  )

  read_elsewhere = concat([for place in local.elsewhere : {
    Sid      = "ReadElsewhere${substr(sha256("${place.bucket}/${place.key}"), 0, 8)}"
    Effect   = "Allow"
    Action   = ["s3:GetObject"]
    Resource = "arn:${local.partition}:s3:::${place.bucket}/${place.key}${endswith(place.key, "/") ? "*" : ""}"
    }], [for bucket in distinct([for place in local.elsewhere : place.bucket]) : {
    Sid      = "ListElsewhere${substr(sha256(bucket), 0, 8)}"
    Effect   = "Allow"
    Action   = ["s3:ListBucket"]
    Resource = "arn:${local.partition}:s3:::${bucket}"
    Condition = { StringLike = { "s3:prefix" = [for place in local.elsewhere :
    "${place.key}${endswith(place.key, "/") ? "*" : ""}" if place.bucket == bucket] } }
  }])
}
