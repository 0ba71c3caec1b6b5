namespace FitTrack.Core.Drawings;

/// <summary>Where a drawing stands; see <see cref="Drawing"/> for what may follow what.</summary>
public enum DrawingStatus
{
    Draft,
    Scheduled,
    Open,
    Closed,
    Completed,
    Cancelled,
}

public enum DrawingType
{
    Daily,
    Weekly,
    Monthly,
    Annual,
}

/// <summary>Where a drawing's chance comes from (FTDRAW-1, step 1).</summary>
public enum EntropyKind
{
    /// <summary>A public beacon's round at or after the draw time: nobody can know or steer it.</summary>
    Drand,

    /// <summary>A server seed committed to in advance. Weak: whoever holds it and can add tickets can choose the winner.</summary>
    Commit,
}

/// <summary>Which members may enter.</summary>
public enum EligibleUsers
{
    All,
    User,
    Premium,
}

public enum TicketKind
{
    Paid,
    Free,
}

public enum PrizeKind
{
    Physical,
    Digital,
}
