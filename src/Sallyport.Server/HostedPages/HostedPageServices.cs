using Sallyport.Server.Storage;

namespace Sallyport.Server.HostedPages;

internal static class HostedPageServices
{
    public static void AddHostedPages(this IServiceCollection services)
    {
        services.AddSingleton<WidgetAssets>();
        services.AddSingleton<PageRenderer>();
        services.AddSingleton<TenantPage>();
        services.AddSingleton<PageFailures>();
        services.AddSingleton<MfaPageQueries>();
        services.AddSingleton<TicketPageQueries>();
        services.AddSingleton<ShowPage>();
        services.AddSingleton<ShowTicketPage>();
        services.AddSingleton<PreviewMfaPage>();
        services.AddSingleton<ChangeMfaPage>();
        services.AddSingleton(new RetentionRule(MfaPagePreviewStore.Table, MfaPagePreviewStore.HashColumn, "expires_at < @before", TimeSpan.Zero));
        services.AddResponseCompression(compression =>
        {
            // Pages only. They contain secrets but no text that an attacker chooses, so their compressed length reveals nothing (BREACH).
            compression.MimeTypes = ["text/html"];
            compression.EnableForHttps = true;
        });
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, MfaPageJson.Default));
    }

    public static void UseHostedPages(this WebApplication app)
    {
        app.Use(next => context => app.Services.GetRequiredService<WidgetAssets>().ServeAsync(context, next));
        app.UseResponseCompression();
    }
}
