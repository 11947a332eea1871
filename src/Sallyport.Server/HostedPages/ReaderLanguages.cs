using Sallyport.Server.Languages;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.HostedPages;

/// <summary>What a request tells of the languages that a person reads.</summary>
/// <param name="UiLocales">Of the query: what the link or the application says.</param>
/// <param name="AcceptLanguage">Of the header: what the browser says.</param>
internal readonly record struct ReaderLanguages(string? UiLocales, string? AcceptLanguage)
{
    public static ReaderLanguages Of(HttpRequest request) => new(request.Query["ui_locales"], request.Headers.AcceptLanguage);

    public Locale ChooseFrom(TenantSettings tenant) => LanguageChoice.Choose(tenant.EnabledLocales, UiLocales, AcceptLanguage);
}
