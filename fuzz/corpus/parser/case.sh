case x in (a|b) c;; d) e;& f) ;;& esac >g 2>&1 <&- {h}<>i &>>j
