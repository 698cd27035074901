# moto forgets the addresses of a load balancer's subnets, and takes no later change of them.
resource "aws_lb" "this" {
  lifecycle {
    ignore_changes = [subnet_mapping, subnets]
  }
}
