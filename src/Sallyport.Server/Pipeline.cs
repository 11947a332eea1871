using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.HostedPages;
using Sallyport.Server.Http;
using Sallyport.Server.Http.RateLimiting;
using Sallyport.Server.Messages;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Telemetry;

namespace Sallyport.Server;

/// <summary>The order of the middleware, and the order of the steps of a start.</summary>
internal static class Pipeline
{
    private const string DefaultAddress = "http://localhost:5080";

    public static void ConfigureAddresses(this WebApplicationBuilder builder, SallyportOptions options)
    {
        var metrics = options.MetricsAddress?.ToString();
        if (!builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            var urls = builder.Configuration["urls"] ?? DefaultAddress;
            builder.WebHost.UseUrls(metrics is null ? urls : $"{urls};{metrics}");
        }
        else if (metrics is not null)
        {
            builder.Configuration["Kestrel:Endpoints:Metrics:Url"] = metrics;
        }
    }

    public static void UseHttp(this WebApplication app, SallyportOptions options)
    {
        app.UseForwardedHeaders();
        app.Use(app.Services.GetRequiredService<Draining>().CloseConnectionAsync);
        app.UseMiddleware<FailedOperations>();
        app.UseMiddleware<ErrorEnvelope>();
        app.UseMetricsPort(options.MetricsAddress?.Port);
        app.UseHostedPages();
        app.Use(ForbidCaching);
        app.UseWebSockets();
        app.Use(PathSegments.DecodeTwiceEncodedAsync);
        app.UseRouting();
        app.UseCors();
        app.UseAuthentication();
        app.UseMiddleware<RateLimitMiddleware>();
        app.UseAuthorization();
    }

    /// <summary>Responses contain tokens, keys and personal data. Endpoints whose responses may be cached set the header themselves.</summary>
    private static Task ForbidCaching(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return next(context);
    }

    /// <summary>What a command needs that calls operations. No client and no administrator is created.</summary>
    public static async Task PrepareForCommandAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        await PrepareAsync(services, cancellationToken);
        await services.GetRequiredService<FirstStart>().CreateRowsAsync(cancellationToken);
    }

    /// <summary>Schema, tenant, keys, first client: in this order, before the first request.</summary>
    public static async Task StartSallyportAsync(this WebApplication app)
    {
        var services = app.Services;
        var options = services.GetRequiredService<SallyportOptions>();
        var cancellationToken = app.Lifetime.ApplicationStopping;
        await PrepareAsync(services, cancellationToken);
        var administrator = await services.GetRequiredService<FirstAdministrator>().PrepareAsync(cancellationToken);
        var result = await services.GetRequiredService<FirstStart>().CreateClientAsync(cancellationToken) with
        {
            HasAdministrator = administrator.Exists,
            InvitationUrl = administrator.InvitationUrl,
        };
        if (result.InvitationUrl is { } invitation)
        {
            app.Lifetime.ApplicationStarted.Register(() => Console.Out.WriteLine(StartMessages.Invitation(options, invitation)));
        }

        if (options.IsDevelopment)
        {
            PrintForDeveloper(app, result, options);
        }
        else
        {
            await services.GetRequiredService<MessageDispatcher>().WarnAsync(services.GetServices<IMessageChannel>(), cancellationToken);
            Warn(app.Logger, result, options);
        }

        if (result.ReplacedUrl is { } stored)
        {
            StartLog.PublicUrlChanged(app.Logger, stored, options.PublicUrl);
        }
    }

    private static async Task PrepareAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        PrivateFiles.CreateDirectory(services.GetRequiredService<SallyportOptions>().DataDirectory);
        await services.GetRequiredService<Migrator>().MigrateAsync(cancellationToken);
        await services.GetRequiredService<FirstStart>().CreateTenantAsync(cancellationToken);
        await services.GetRequiredService<KeyRing>().StartAsync(cancellationToken);
    }

    private static void PrintForDeveloper(WebApplication app, FirstStartResult result, SallyportOptions options)
    {
        // Printed at once: the client exists from now on, even if the rest of the start fails.
        if (result.GeneratedClient is { } client)
        {
            Console.Out.WriteLine(StartMessages.GeneratedClient(client, options));
        }

        if (options.BootstrapClient is null)
        {
            app.Lifetime.ApplicationStarted.Register(() => Console.Out.WriteLine(StartMessages.Ready(result, options, app.Urls)));
        }
    }

    private static void Warn(ILogger logger, FirstStartResult result, SallyportOptions options)
    {
        if (options.MasterKey is null)
        {
            SecurityLog.MasterKeyFromFile(logger);
        }

        if (new Uri(options.PublicUrl).IsLoopback)
        {
            StartLog.LocalPublicUrl(logger, options.PublicUrl);
        }

        if (!result.HasClient)
        {
            StartLog.NoClient(logger);
        }

        if (!result.HasAdministrator)
        {
            StartLog.NoAdministrator(logger);
        }
    }
}
