/** Services that everything-policies give, and the actions that AWS tracks of some. */
const NAMES: Readonly<Record<string, string>> = {
  account: 'AWS Account Management',
  acm: 'AWS Certificate Manager',
  athena: 'Amazon Athena',
  autoscaling: 'Amazon EC2 Auto Scaling',
  backup: 'AWS Backup',
  cloudformation: 'AWS CloudFormation',
  cloudfront: 'Amazon CloudFront',
  cloudtrail: 'AWS CloudTrail',
  cloudwatch: 'Amazon CloudWatch',
  codebuild: 'AWS CodeBuild',
  codecommit: 'AWS CodeCommit',
  config: 'AWS Config',
  dynamodb: 'Amazon DynamoDB',
  ec2: 'Amazon EC2',
  ecr: 'Amazon Elastic Container Registry',
  ecs: 'Amazon Elastic Container Service',
  eks: 'Amazon Elastic Kubernetes Service',
  elasticache: 'Amazon ElastiCache',
  events: 'Amazon EventBridge',
  firehose: 'Amazon Data Firehose',
  glue: 'AWS Glue',
  iam: 'AWS Identity and Access Management',
  kinesis: 'Amazon Kinesis Data Streams',
  kms: 'AWS Key Management Service',
  lambda: 'AWS Lambda',
  logs: 'Amazon CloudWatch Logs',
  organizations: 'AWS Organizations',
  rds: 'Amazon RDS',
  route53: 'Amazon Route 53',
  s3: 'Amazon S3',
  secretsmanager: 'AWS Secrets Manager',
  sns: 'Amazon SNS',
  sqs: 'Amazon SQS',
  ssm: 'AWS Systems Manager',
  sts: 'AWS Security Token Service',
};

const TRACKED: Readonly<Record<string, readonly string[]>> = {
  ec2: ['DescribeInstances', 'RunInstances', 'TerminateInstances'],
  iam: ['CreateAccessKey', 'GetUser', 'ListUsers'],
  lambda: ['CreateFunction', 'ListFunctions'],
  s3: ['CreateBucket', 'DeleteBucket', 'ListAllMyBuckets'],
};

/** Seen in one region, wherever they are called from. */
const GLOBAL = new Set(['cloudfront', 'iam', 'organizations', 'route53']);

export const ALL_SERVICES: readonly string[] = Object.keys(NAMES);

export function serviceName(namespace: string): string {
  return NAMES[namespace] ?? namespace;
}

export function trackedActions(namespace: string): readonly string[] {
  return TRACKED[namespace] ?? [];
}

export function regionSeen(service: string, region: string): string {
  return GLOBAL.has(service) ? 'us-east-1' : region;
}
