# What the instances of the fleet need, for their owner to attach.

locals {
  wheelhouse = try(var.document.parameters["InstallFrom"], "") == "Wheelhouse"

  instance_statements = concat(
    [
      {
        Sid      = "ReadItsBundles"
        Effect   = "Allow"
        Action   = ["s3:GetObject"]
        Resource = "${var.store.bucket_arn}/bundles/${local.encoded}/*"
      },
      {
        # The agent lists "<key>/" before it downloads, and takes AccessDenied as the end.
        Sid       = "TheAgentListsBeforeItDownloads"
        Effect    = "Allow"
        Action    = ["s3:ListBucket"]
        Resource  = var.store.bucket_arn
        Condition = { StringLike = { "s3:prefix" = concat(["bundles/${local.encoded}/*"], local.wheelhouse ? ["wheelhouses/*"] : []) } }
      },
      {
        # Below its own name: IAM puts the asking instance's ARN here, so that none writes over its neighbours' evidence.
        Sid      = "WriteItsDiagnostics"
        Effect   = "Allow"
        Action   = ["s3:PutObject"]
        Resource = "${var.store.bucket_arn}/diagnostics/${local.encoded}/$${ec2:SourceInstanceARN}/*"
      },
      {
        Sid       = "KeyBehindTheBucket"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = var.store.kms_key_arn
        Condition = { StringEquals = { "kms:ViaService" = "s3.${local.region}.${data.aws_partition.current.dns_suffix}" } }
      },
    ],
    # Wheelhouses are everybody's: packages of the public index, named by their sha256.
    [for wheelhouses in local.wheelhouse ? ["${var.store.bucket_arn}/wheelhouses/*"] : [] : {
      Sid      = "ReadWheelhouses"
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = wheelhouses
    }],
    [for queue in var.announce ? [var.launch_function.queue_arn] : [] : {
      # An instance's message counts for that instance only.
      Sid      = "Announce"
      Effect   = "Allow"
      Action   = ["sqs:SendMessage"]
      Resource = queue
    }],
    [for bucket in var.fallback != null ? [var.store.bucket_arn] : [] : {
      # Its program, the keys that it lets in, and until when: the end of its launch is in the ledger, where IAM has no
      # narrower name than the fleet.
      Sid    = "WhatTheFallbackReads"
      Effect = "Allow"
      Action = ["s3:GetObject"]
      Resource = [
        "${bucket}/bastion/keys/public.json",
        "${bucket}/bastion/program/*",
        "${bucket}/launches/${local.encoded}/*",
      ]
    }],
    [for bucket in var.fallback != null ? [var.store.bucket_arn] : [] : {
      # No other machine can say who it is: IAM puts the asking instance's own ARN here.
      Sid      = "SayItsHostKeys"
      Effect   = "Allow"
      Action   = ["s3:PutObject"]
      Resource = "${bucket}/hostkeys/$${ec2:SourceInstanceARN}"
    }],
  )
}

# What lets the bastion in for as long as a launch lasts, in the same form. The program itself comes from S3, and is not
# unpacked unless it has this sha256.
locals {
  fallback_files = var.fallback == null ? [] : [
    {
      path        = "/usr/local/lib/gantry/gantry-fallback.py"
      permissions = "0755"
      content     = file("${path.module}/files/gantry-fallback.py")
    },
    {
      path        = "/etc/systemd/system/gantry-fallback.service"
      permissions = "0644"
      content     = file("${path.module}/files/gantry-fallback.service")
    },
    {
      path        = "/etc/gantry/fallback.env"
      permissions = "0644"
      content = join("", [for key, value in {
        AWS_DEFAULT_REGION      = local.region
        AWS_REGION              = local.region
        GANTRY_BUCKET           = var.store.bucket
        GANTRY_FALLBACK_PROGRAM = var.fallback.program_sha256
        GANTRY_FLEET            = local.encoded
        GANTRY_LAUNCH_DEADLINE  = local.end
      } : "${key}=${value}\n"])
    },
  ]

  fallback_commands = var.fallback == null ? [] : [
    ["systemctl", "daemon-reload"],
    ["systemctl", "enable", "--now", "--no-block", "gantry-fallback.service"],
  ]
}

# The announcement, as parts of a cloud-config: a script, its unit, and what both have to know.
locals {
  announce_files = !var.announce ? [] : [
    {
      path        = "/usr/local/lib/gantry/gantry-announce.py"
      permissions = "0755"
      content     = file("${path.module}/files/gantry-announce.py")
    },
    {
      path        = "/etc/systemd/system/gantry-announce.service"
      permissions = "0644"
      content     = file("${path.module}/files/gantry-announce.service")
    },
    {
      path        = "/etc/gantry/announce.env"
      permissions = "0644"
      content     = "GANTRY_QUEUE_URL=${var.launch_function.queue_url}\nAWS_REGION=${local.region}\nAWS_DEFAULT_REGION=${local.region}\n"
    },
  ]

  # --no-block: the unit waits for the agent, and cloud-init shall not wait for the unit.
  announce_commands = !var.announce ? [] : [
    ["systemctl", "daemon-reload"],
    ["systemctl", "enable", "--now", "--no-block", "gantry-announce.service"],
  ]
}
