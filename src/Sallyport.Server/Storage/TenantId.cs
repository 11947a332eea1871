namespace Sallyport.Server.Storage;

public readonly record struct TenantId(string Value)
{
    /// <summary>The tenant of an installation that has only one.</summary>
    public static readonly TenantId Default = new("default");

    public override string ToString() => Value;
}
