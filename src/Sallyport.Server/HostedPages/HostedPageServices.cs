namespace Sallyport.Server.HostedPages;

internal static class HostedPageServices
{
    public static void AddHostedPages(this IServiceCollection services)
    {
        services.AddSingleton<ShowTicketPage>();
    }
}
