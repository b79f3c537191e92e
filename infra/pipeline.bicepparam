// What .github/workflows/deploy.yml deploys with, from the repository's variables. azd uses main.parameters.json.
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param sourceSubscriptions = map(split(readEnvironmentVariable('SOURCE_SUBSCRIPTIONS'), ','), id => trim(id))
param alertEmail = readEnvironmentVariable('ALERT_EMAIL')
param privateNetwork = bool(readEnvironmentVariable('PRIVATE_NETWORK'))
param entraClientId = readEnvironmentVariable('ENTRA_CLIENT_ID')
param publicUrl = readEnvironmentVariable('PUBLIC_URL', '')
param nodeVersion = readEnvironmentVariable('NODE_VERSION', '22')
param alwaysReady = int(readEnvironmentVariable('ALWAYS_READY', '1'))
param instanceMemory = any(int(readEnvironmentVariable('INSTANCE_MEMORY', '2048')))
param queueDeadlineSeconds = int(readEnvironmentVariable('QUEUE_DEADLINE_SECONDS', '3600'))
param checkDeadlineSeconds = int(readEnvironmentVariable('CHECK_DEADLINE_SECONDS', '600'))
param paused = bool(readEnvironmentVariable('PAUSED', 'false'))
param checkpointRetentionDays = int(readEnvironmentVariable('CHECKPOINT_RETENTION_DAYS', '365'))
param checkpointPolicy = readEnvironmentVariable('CHECKPOINT_POLICY', 'unlocked')
param logRetentionDays = int(readEnvironmentVariable('LOG_RETENTION_DAYS', '90'))
