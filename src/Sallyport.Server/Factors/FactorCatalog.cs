namespace Sallyport.Server.Factors;

/// <summary>The factors that are built. One that is switched on but not built is never offered.</summary>
internal sealed class FactorCatalog(IEnumerable<IFactor> factors)
{
    private readonly IReadOnlyList<IFactor> factors = [.. factors];

    public IFactor Get(string name) => factors.Single(factor => factor.Name == name);

    /// <summary>Those that may be enrolled, in the order in which they are offered.</summary>
    public IEnumerable<IFactor> Enrollable(IReadOnlySet<string> enabled) =>
        factors.Where(factor => enabled.Contains(factor.Name) && factor.Name != FactorNames.RecoveryCode);

    /// <summary>
    /// What a user can answer with: built, switched on and confirmed, the default first, a recovery code last (docs/wire.md §1.4).
    /// </summary>
    public IReadOnlyList<string> AnswerableMethods(UserFactors user) =>
    [
        .. user.Confirmed
            .Select(authenticator => authenticator.Factor)
            .Where(name => user.Enabled.Contains(name) && factors.Any(factor => factor.Name == name))
            .Distinct()
            .OrderBy(name => name == FactorNames.RecoveryCode)
            .Select(name => Get(name).Method),
    ];
}
