namespace Sallyport.Server.Languages;

/// <summary>A language with the tag under which a tenant offers it.</summary>
internal sealed record Locale(Language Language, LanguageTag Offered)
{
    /// <summary>
    /// The value for <c>lang</c>. The tenant's tag ("de-AT") where only formats depend on it; the tag of the texts ("pt-BR")
    /// where they have a script or a region.
    /// </summary>
    public string Tag => (Language.Tag is { Script: null, Region: null } ? Offered : Language.Tag).ToString();

    public string Direction => Language.Direction;

    public Texts Texts => Texts.Of(Language);
}
