using Sallyport.Server.Languages;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.HostedPages;

/// <summary>The languages that a reader asks for.</summary>
/// <param name="UiLocales">From the query: set by the link or the application.</param>
/// <param name="AcceptLanguage">From the header: set by the browser.</param>
internal readonly record struct ReaderLanguages(string? UiLocales, string? AcceptLanguage)
{
    public static ReaderLanguages Of(HttpRequest request) => new(request.Query["ui_locales"], request.Headers.AcceptLanguage);

    public Locale ChooseFrom(TenantSettings tenant) => LanguageChoice.Choose(tenant.EnabledLocales, UiLocales, AcceptLanguage);
}
