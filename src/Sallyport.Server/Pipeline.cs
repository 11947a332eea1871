using Sallyport.Server.Http.RateLimiting;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.HostedPages;
using Sallyport.Server.Http;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Telemetry;

namespace Sallyport.Server;

/// <summary>The order in which a request meets the house, and the order in which the house wakes up.</summary>
internal static class Pipeline
{
    private const string DefaultAddress = "http://localhost:5080";

    public static void ListenWhereConfigured(this WebApplicationBuilder builder, SallyportOptions options)
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
        app.UseTelemetry();
        app.UseForwardedHeaders();
        app.UseMiddleware<FailedOperations>();
        app.UseMiddleware<ErrorEnvelope>();
        app.UseMetricsPort(options.MetricsAddress?.Port);
        app.UseWidgetAssets();
        app.Use(GuardAnswers);
        app.UseWebSockets();
        app.UseRouting();
        app.UseCors();
        app.UseAuthentication();
        app.UseMiddleware<RateLimitMiddleware>();
        app.UseAuthorization();
    }

    /// <summary>Answers hold tokens, keys and people; an endpoint whose answer may be kept says so itself. None is taken for a page that is not one.</summary>
    private static Task GuardAnswers(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return next(context);
    }

    /// <summary>Schema, tenant, keys, first client: in this order, before the first request.</summary>
    public static async Task StartSallyportAsync(this WebApplication app)
    {
        var services = app.Services;
        var options = services.GetRequiredService<SallyportOptions>();
        var cancellationToken = app.Lifetime.ApplicationStopping;
        PrivateFiles.CreateDirectory(options.DataDirectory);
        var start = services.GetRequiredService<FirstStart>();
        await services.GetRequiredService<Migrator>().MigrateAsync(cancellationToken);
        await start.MakeTenantAsync(cancellationToken);
        await services.GetRequiredService<KeyRing>().StartAsync(cancellationToken);
        var trial = await start.MakeClientAsync(cancellationToken);

        if (!app.Environment.IsDevelopment())
        {
            await services.GetRequiredService<MessageDispatcher>().WarnAsync(services.GetRequiredService<EmailChannel>(), cancellationToken);
        }

        Warn(app, options);
        if (trial is null)
        {
            return;
        }

        // On the console and not in the log: secrets are in it. The client at once: it stays, whether or not the rest of the start succeeds.
        if (trial.Client is { } client)
        {
            await Console.Out.WriteLineAsync(TrialGreeting.Introduce(client, options));
        }

        app.Lifetime.ApplicationStarted.Register(() => Console.Out.WriteLine(TrialGreeting.Welcome(trial, options)));
    }

    private static void Warn(WebApplication app, SallyportOptions options)
    {
        if (app.Environment.IsDevelopment())
        {
            return;
        }

        if (options.MasterKey is null)
        {
            SecurityLog.MasterKeyFromFile(app.Logger);
        }
    }
}
