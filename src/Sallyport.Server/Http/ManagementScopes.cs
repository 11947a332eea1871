namespace Sallyport.Server.Http;

/// <summary>All scopes of the Management API that endpoints require. A bootstrap client is granted all of them.</summary>
internal static class ManagementScopes
{
    public const string CreateTickets = "create:guardian_enrollment_tickets";
    public const string ReadTickets = "read:guardian_enrollment_tickets";
    public const string DeleteTickets = "delete:guardian_enrollment_tickets";
    public const string CreateTransactions = "create:guardian_transactions";
    public const string ReadTransactions = "read:guardian_transactions";
    public const string UpdateTransactions = "update:guardian_transactions";
    public const string ReadEnrollments = "read:guardian_enrollments";
    public const string DeleteEnrollments = "delete:guardian_enrollments";

    /// <summary>Ours: removes a factor from all users at once.</summary>
    public const string DeleteAllEnrollments = "delete:all_guardian_enrollments";

    public const string ReadFactors = "read:guardian_factors";
    public const string UpdateFactors = "update:guardian_factors";
    public const string ReadMfaPolicies = "read:mfa_policies";
    public const string UpdateMfaPolicies = "update:mfa_policies";
    public const string ReadPrompts = "read:prompts";
    public const string UpdatePrompts = "update:prompts";
    public const string CreateEmailProvider = "create:email_provider";
    public const string ReadEmailProvider = "read:email_provider";
    public const string UpdateEmailProvider = "update:email_provider";
    public const string DeleteEmailProvider = "delete:email_provider";
    public const string CreateEmailTemplates = "create:email_templates";
    public const string ReadEmailTemplates = "read:email_templates";
    public const string UpdateEmailTemplates = "update:email_templates";
    public const string CreateUsers = "create:users";
    public const string ReadUsers = "read:users";
    public const string UpdateUsers = "update:users";
    public const string UpdateUsersAppMetadata = "update:users_app_metadata";
    public const string DeleteUsers = "delete:users";
    public const string CreateAuthenticationMethods = "create:authentication_methods";
    public const string ReadAuthenticationMethods = "read:authentication_methods";
    public const string UpdateAuthenticationMethods = "update:authentication_methods";
    public const string DeleteAuthenticationMethods = "delete:authentication_methods";
    public const string ReadLogs = "read:logs";
    public const string ReadLogsUsers = "read:logs_users";
    public const string ReadStats = "read:stats";
    public const string ReadTenantSettings = "read:tenant_settings";
    public const string UpdateTenantSettings = "update:tenant_settings";
    public const string CreateSigningKeys = "create:signing_keys";
    public const string ReadSigningKeys = "read:signing_keys";
    public const string UpdateSigningKeys = "update:signing_keys";
    public const string CreateClients = "create:clients";
    public const string ReadClients = "read:clients";
    public const string UpdateClients = "update:clients";
    public const string DeleteClients = "delete:clients";
    public const string ReadClientKeys = "read:client_keys";
    public const string UpdateClientKeys = "update:client_keys";
    public const string CreateClientGrants = "create:client_grants";
    public const string ReadClientGrants = "read:client_grants";
    public const string UpdateClientGrants = "update:client_grants";
    public const string DeleteClientGrants = "delete:client_grants";
    public const string CreateResourceServers = "create:resource_servers";
    public const string ReadResourceServers = "read:resource_servers";
    public const string UpdateResourceServers = "update:resource_servers";
    public const string DeleteResourceServers = "delete:resource_servers";
    public const string CreateConnections = "create:connections";
    public const string ReadConnections = "read:connections";
    public const string UpdateConnections = "update:connections";
    public const string DeleteConnections = "delete:connections";
    public const string ReadActions = "read:actions";

    public static readonly IReadOnlyList<string> All =
    [
        CreateTickets, ReadTickets, DeleteTickets, CreateTransactions, ReadTransactions, UpdateTransactions, ReadEnrollments, DeleteEnrollments, DeleteAllEnrollments, ReadFactors, UpdateFactors, ReadMfaPolicies, UpdateMfaPolicies,
        ReadPrompts, UpdatePrompts, CreateEmailProvider, ReadEmailProvider, UpdateEmailProvider, DeleteEmailProvider,
        CreateEmailTemplates, ReadEmailTemplates, UpdateEmailTemplates, CreateUsers, ReadUsers, UpdateUsers,
        UpdateUsersAppMetadata, DeleteUsers, CreateAuthenticationMethods, ReadAuthenticationMethods,
        UpdateAuthenticationMethods, DeleteAuthenticationMethods, ReadLogs, ReadLogsUsers, ReadStats, ReadTenantSettings,
        UpdateTenantSettings, CreateSigningKeys, ReadSigningKeys, UpdateSigningKeys, CreateClients, ReadClients,
        UpdateClients, DeleteClients, ReadClientKeys, UpdateClientKeys, CreateClientGrants, ReadClientGrants,
        UpdateClientGrants, DeleteClientGrants, CreateResourceServers, ReadResourceServers, UpdateResourceServers,
        DeleteResourceServers, CreateConnections, ReadConnections, UpdateConnections, DeleteConnections, ReadActions,
    ];
}
