namespace Sallyport.Protocols.UserQuery;

/// <summary>A parsed query. <see cref="object.ToString"/> writes it so that parsing gives the same tree again.</summary>
public abstract record QueryNode;
