namespace Sallyport.Server.Languages;

/// <summary>A language as a tenant offers it.</summary>
internal sealed record Locale(Language Language, LanguageTag Offered)
{
    /// <summary>
    /// For <c>lang</c>: "de-AT" where a tenant offers that, because times are then told as in Austria; "pt-BR" whatever
    /// Portuguese was offered, because that is what the texts are.
    /// </summary>
    public string Tag => (Language.Tag is { Script: null, Region: null } ? Offered : Language.Tag).ToString();

    public string Direction => Language.Direction;

    public Texts Texts => Texts.Of(Language);
}
