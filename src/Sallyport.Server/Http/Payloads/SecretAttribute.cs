namespace Sallyport.Server.Http.Payloads;

/// <summary>The property holds a secret: it is sealed where it is stored, and no log repeats it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute
{
    /// <summary>The published API repeats it to the caller who has just sent it.</summary>
    public bool IsEchoed { get; init; } = true;

    /// <summary>The published API shows it to whoever may read the setting. Here only where the configuration says so.</summary>
    public bool IsReturnedByPublishedApi { get; init; }
}
