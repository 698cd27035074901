# moto has no PutQueryDefinition.
resource "aws_cloudwatch_query_definition" "this" {
  for_each = {}
}
