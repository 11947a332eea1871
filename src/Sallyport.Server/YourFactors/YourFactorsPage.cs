using System.Globalization;
using System.Net;
using Sallyport.Server.Factors;
using Sallyport.Server.HostedPages;
using Sallyport.Server.Languages;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.YourFactors;

/// <summary>Renders the page. It has no script.</summary>
/// <param name="address">The address of this page, without its query.</param>
internal sealed class YourFactorsPage(TenantSettings tenant, Locale locale, string address)
{
    public const string IdField = "id";
    public const string NameField = "name";
    public const string FactorField = "factor";

    public Texts Texts => locale.Texts;

    /// <param name="refused">A name that cannot be given, and the authenticator for which it was entered.</param>
    public string List(FactorSession session, FactorList factors, (string Id, string Name)? refused = null) => Document(session, $"""
        <h1 class="sp-heading" tabindex="-1">{Texts.YourFactorsHeading}</h1>
        <p class="sp-intro">{Texts.YourFactorsIntro}</p>
        <ul class="page-list">{string.Concat(factors.Own.Select(factor => Entry(factor, factors, refused is { } name && name.Id == factor.Authenticator.Id ? name.Name : null)))}</ul>
        {RecoveryCode(factors.RecoveryCode)}
        {Add(factors.Addable)}
        """);

    public string ConfirmRemoval(FactorSession session, ListedFactor factor) => Document(session, $"""
        <h1 class="sp-heading" tabindex="-1">{Encode(Texts.Fill(Texts.YourFactorsRemoveHeading, "name", factor.Name ?? factor.Traits.Label(Texts)))}</h1>
        <p class="sp-intro">{Texts.YourFactorsRemoveHelp}</p>
        <form class="sp-form" method="post" action="{address}/remove">
          {Hidden(IdField, factor.Authenticator.Id)}
          <button class="sp-button sp-main page-danger" type="submit">{Texts.YourFactorsRemove}</button>
        </form>
        <p class="sp-links"><a class="sp-button sp-text" href="{address}">{Texts.YourFactorsKeep}</a></p>
        """);

    public string NewRecoveryCode(FactorSession session, string code) => Document(session, $"""
        <h1 class="sp-heading" tabindex="-1">{Texts.YourFactorsNewCodeHeading}</h1>
        <p class="sp-intro">{Texts.YourFactorsNewCodeHelp}</p>
        <div class="sp-box"><code class="sp-secret sp-columns-3" role="group" dir="ltr" translate="no" aria-label="{Texts.FactorRecoveryCode}" data-recovery-code="{Encode(code)}">{Groups(code)}</code></div>
        <a class="sp-button sp-main" href="{address}">{Texts.YourFactorsBack}</a>
        """);

    /// <param name="clientId">The application from which the user may sign in again; null if there is none.</param>
    public string SignIn(string? clientId) => Document(session: null, clientId is null
        ? $"""
            <h1 class="sp-heading">{Texts.SignInAgain}</h1>
            <p>{Texts.YourFactorsFromApplication}</p>{StaticPage.Support(tenant, Texts)}
            """
        : $"""
            <h1 class="sp-heading">{Texts.SignInAgain}</h1>
            <p>{Texts.YourFactorsSignIn}</p>
            <a class="sp-button sp-main" href="{address}?client_id={Uri.EscapeDataString(clientId)}">{Texts.YourFactorsConfirmAgain}</a>
            """);

    private string Entry(ListedFactor factor, FactorList factors, string? refusedName)
    {
        var authenticator = factor.Authenticator;
        var label = factor.Traits.Label(Texts);
        var isFirst = authenticator.Id == factors.PreferredId;
        string[] facts =
        [
            .. authenticator.EnrolledAt is { } added ? new[] { On(Texts.YourFactorsAddedOn, added) } : [],
            .. authenticator.LastAuthAt is { } used ? new[] { On(Texts.YourFactorsUsedOn, used) } : [],
            .. isFirst ? new[] { Texts.YourFactorsFirst } : [],
        ];
        return $"""
            <li class="page-entry">
              <h2 class="page-name"><bdi>{Encode(label)}</bdi></h2>
              {(factor.Name is null ? "" : $"<p><bdi>{Encode(factor.Name)}</bdi></p>")}
              <p class="sp-hint">{string.Join("<br>", facts)}</p>
              <div class="page-actions">
                {(isFirst || factors.Own.Count == 1 ? "" : Button("first", Texts.YourFactorsUseFirst, authenticator.Id))}
                {Rename(factor, refusedName)}
                {(factors.Own.Count == 1 ? "" : $"""<a class="sp-button sp-text" href="{address}?remove={authenticator.Id}">{Texts.YourFactorsRemove}{About(label)}</a>""")}
              </div>
              {(factors.Own.Count == 1 ? $"""<p class="sp-hint">{Texts.YourFactorsLast}</p>""" : "")}
            </li>
            """;

        string Button(string action, string text, string id) => $"""
            <form method="post" action="{address}/{action}">{Hidden(IdField, id)}<button class="sp-button sp-text" type="submit">{text}{About(label)}</button></form>
            """;
    }

    private string Rename(ListedFactor factor, string? refusedName)
    {
        var id = factor.Authenticator.Id;
        var (open, invalid, error) = refusedName is null
            ? ("", "", "")
            : (" open", $""" aria-invalid="true" aria-describedby="error-{id}" autofocus""", $"""<p class="sp-error" id="error-{id}" role="alert">{Texts.YourFactorsNameInvalid}</p>""");
        return $"""
            <details class="page-details"{open}>
              <summary class="sp-button sp-text">{Texts.YourFactorsRename}{About(factor.Traits.Label(Texts))}</summary>
              <form class="sp-form" method="post" action="{address}/rename">
                {Hidden(IdField, id)}
                <label class="sp-label" for="name-{id}">{Texts.YourFactorsName}</label>
                <input class="sp-input sp-plain" id="name-{id}" name="{NameField}" type="text" required maxlength="{Authenticator.MaxNameLength}" autocomplete="off"
                  dir="auto" value="{Encode(refusedName ?? factor.Authenticator.Name ?? "")}"{invalid}>
                {error}
                <button class="sp-button sp-second" type="submit">{Texts.YourFactorsSave}</button>
              </form>
            </details>
            """;
    }

    private string RecoveryCode(FactorTraits? traits) => traits is null ? "" : $"""
        <h2 class="page-name">{Encode(traits.Label(Texts))}</h2>
        <p class="sp-hint">{Texts.YourFactorsRecoveryHelp}</p>
        <form method="post" action="{address}/recovery-code"><button class="sp-button sp-second" type="submit">{Texts.YourFactorsNewCode}</button></form>
        """;

    private string Add(IReadOnlyList<FactorTraits> addable) => addable.Count == 0 ? "" : $"""
        <h2 class="page-name page-next">{Texts.YourFactorsAddHeading}</h2>
        <div class="sp-choices">{string.Concat(addable.Select(traits => $"""
            <form method="post" action="{address}/add">{Hidden(FactorField, traits.Name)}<button class="sp-button sp-second" type="submit">{Encode(traits.Label(Texts))}</button></form>
            """))}</div>
        """;

    /// <summary>For screen readers: the buttons of all entries have the same text.</summary>
    private static string About(string label) => $"""<span class="page-unseen">: {Encode(label)}</span>""";

    /// <summary>A date as in ISO 8601: readable in every language, and never mistaken. Isolated, because Arabic text would turn its parts round.</summary>
    private static string On(string text, DateTimeOffset instant) =>
        Encode(Texts.Fill(text, "date", string.Create(CultureInfo.InvariantCulture, $"\u2066{instant.UtcDateTime:yyyy-MM-dd}\u2069")));

    private static string Groups(string code) => string.Concat(code.Chunk(4).Select(part => $"<span>{Encode(new string(part))}</span> "));

    private static string Hidden(string name, string value) => $"""<input type="hidden" name="{name}" value="{Encode(value)}">""";

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private string Document(FactorSession? session, string content) => StaticPage.Document(
        Texts.Fill(Texts.YourFactorsTitle, "tenant", tenant.DisplayName),
        locale,
        $"""
        {StaticPage.Header(tenant, session?.User.Email ?? session?.User.Name)}
        <div class="sp-screen">
        {content}
        </div>
        """);
}
