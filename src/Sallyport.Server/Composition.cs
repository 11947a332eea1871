using Sallyport.Server.Administrators;
using Sallyport.Server.Audit;
using Sallyport.Server.AuthenticationMethods;
using Sallyport.Server.Clients;
using Sallyport.Server.Configuration;
using Sallyport.Server.Connections;
using Sallyport.Server.Dashboard;
using Sallyport.Server.EmailVerification;
using Sallyport.Server.Factors;
using Sallyport.Server.Factors.Push.Providers;
using Sallyport.Server.HostedPages;
using Sallyport.Server.Http;
using Sallyport.Server.Http.OpenApi;
using Sallyport.Server.Jobs;
using Sallyport.Server.Jobs.Exports;
using Sallyport.Server.Messages;
using Sallyport.Server.MfaApi;
using Sallyport.Server.Policies;
using Sallyport.Server.Realtime;
using Sallyport.Server.ResourceServers;
using Sallyport.Server.Security;
using Sallyport.Server.Settings;
using Sallyport.Server.SignIn;
using Sallyport.Server.SignIn.OpenIdConnect;
using Sallyport.Server.Stats;
using Sallyport.Server.Storage;
using Sallyport.Server.Telemetry;
using Sallyport.Server.Tenants;
using Sallyport.Server.Tickets;
using Sallyport.Server.Transactions;
using Sallyport.Server.Transactions.Guardian;
using Sallyport.Server.Users;
using Sallyport.Server.YourFactors;

namespace Sallyport.Server;

/// <summary>Registers the services and the endpoints of the features, one line each.</summary>
internal static class Composition
{
    public static void AddFeatures(this WebApplicationBuilder builder, SallyportOptions options)
    {
        builder.Services.AddSingleton(typeof(TenantId), CallContext.Internal(CallChannel.Worker).Tenant);
        builder.Services.AddStorage(options.Storage, options.DataDirectory, options.ConnectionString);
        builder.Services.AddSecurity();
        builder.Services.AddHttp(options);
        builder.Services.AddAudit(options.Retention);
        builder.Services.AddResourceServers();
        builder.Services.AddClients();
        builder.Services.AddSettings();
        builder.Services.AddUserConnections();
        builder.Services.AddTenants();
        builder.Services.AddPolicies();
        builder.Services.AddUsers();
        builder.Services.AddFactors(options.Retention);
        builder.Services.AddAuthenticationMethods();
        builder.Services.AddJobs();
        builder.Services.AddStats();
        builder.Services.AddMessages(options.Retention);
        builder.Services.AddTransactions(options.Retention);
        builder.Services.AddTickets(options.Retention);
        builder.Services.AddSignIn();
        builder.Services.AddOpenIdConnect(options);
        builder.Services.AddMfaApi();
        builder.Services.AddRealtime(options);
        builder.Services.AddHostedPages();
        builder.Services.AddYourFactors();
        builder.Services.AddEmailVerification(options.Retention);
        builder.Services.AddAdministrators();
        builder.Services.AddDashboard();
        builder.Services.AddTelemetry();
        builder.Services.AddSingleton<DemoUser>();
        builder.Services.AddSingleton<FirstStart>();
        builder.Services.AddSingleton<FirstAdministrator>();
    }

    public static void MapFeatures(this WebApplication app, SallyportOptions options)
    {
        app.UseHttp(options);
        app.MapTelemetry();
        app.MapHealth();
        app.MapOAuth();
        app.MapPages();
        app.MapSignInPage();
        app.MapRedirectCallback();
        app.MapAuthorization();
        app.MapMfaApi();
        app.MapRememberBrowser();
        app.MapOfferedFactor();
        app.MapYourFactors();
        app.MapEmailVerification();
        app.MapOpenApiDocument();
        app.MapApiReference();
        app.MapConsents();
        app.MapSockets();
        app.MapExports();
        app.MapDashboard();

        var api = app.MapManagementApi();
        api.MapUsers();
        api.MapEnrollments();
        api.MapAuthenticationMethods();
        api.MapUserFactors();
        api.MapUserBlocks();
        api.MapLogs();
        api.MapStats();
        api.MapTickets();
        api.MapSignIns();
        api.MapFactors();
        api.MapPushProviders();
        api.MapPolicies();
        api.MapTenantSettings();
        api.MapMfaPage();
        api.MapMessages();
        api.MapSigningKeys();
        api.MapClients();
        api.MapClientGrants();
        api.MapResourceServers();
        api.MapConnections();
        api.MapJobs();

        foreach (var guardian in app.MapGuardianApi())
        {
            guardian.MapTransactions();
            guardian.MapRedirects();
            guardian.MapWebAuthn();
            guardian.MapDevices();
        }
    }
}
