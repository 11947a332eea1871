namespace Sallyport.Server.Storage;

/// <summary>The tenant is part of every key and of every statement.</summary>
public readonly record struct TenantId(string Value)
{
    /// <summary>The tenant of an installation that has only one.</summary>
    public static readonly TenantId Default = new("default");

    public override string ToString() => Value;
}
